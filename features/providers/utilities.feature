Feature: What agents send to a box at Irdeto

  Scenario: A mail goes to the mailbox of one box
    Given an effective subscription to "Sport" on irdeto
    When the mail "Good morning" is sent to "STB-1"
    Then irdeto receives exactly:
      | command      | secureClient | type | textMode | text         |
      | SEND_MESSAGE | STB-1        | MAIL | ANSI     | Good morning |
    And the effects are:
      | irdeto | +mail "Good morning" |
    And irdeto holds what it should

  Scenario: A message to all goes onto the screen of every box
    Given an effective subscription to "Sport" on irdeto
    And somebody else has an effective subscription to "Cinema" on irdeto
    When the message "Back at noon" is sent to all at irdeto
    Then irdeto receives exactly:
      | command      | secureClient | type    |
      | SEND_MESSAGE | ALL          | MESSAGE |
    And the effects are:
      | irdeto | +STB-1: message "Back at noon" |
      | irdeto | +STB-2: message "Back at noon" |

  Scenario: The PIN of a box is set, and nobody is shown it
    Given an effective subscription to "Sport" on irdeto
    When the PIN "4711" is sent to "STB-1"
    Then irdeto receives exactly:
      | command | secureClient | pin |
      | SET_PIN | STB-1        | *** |
    And the effects are:
      | irdeto | +pin set |

  Scenario: The PIN of a box goes back to the provider's default
    Given an effective subscription to "Sport" on irdeto
    And the PIN "4711" was sent to "STB-1"
    When the default PIN is sent to "STB-1"
    Then the effects are:
      | irdeto | -pin set |

  Scenario: What is left for later is sent by the processing run
    Given an effective subscription to "Sport" on irdeto
    And the mail "Good morning" was sent to "STB-1" later
    When the processing runs
    Then irdeto receives exactly:
      | command      | text         |
      | SEND_MESSAGE | Good morning |

  Scenario: What is left for later is not sent before
    Given an effective subscription to "Sport" on irdeto
    When the reauthorisation is sent to "STB-1" later
    Then irdeto receives nothing
    And the requests are:
      | type               | life_cycle_state |
      | REAUTHORISE_SECTOR | PENDING          |

  Scenario: A query asks for what is wanted, and changes nothing
    Given an effective subscription to "Sport" on irdeto
    When the query "PAIRING, SECTOR" is sent to "STB-1"
    Then there are no effects
    And the requests are:
      | type                | life_cycle_state |
      | QUERY_SECURE_CLIENT | COMPLETED        |

  Scenario: A platform that takes no messages is not sent one
    Given an effective subscription to "Sport" on tucano
    When the mail "Good morning" is sent to all at tucano
    Then the action is refused: "tucano takes no messages."
    And tucano receives nothing

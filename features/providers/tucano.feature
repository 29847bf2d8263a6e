Feature: What Tucano receives
  Requests in the order of the table: take away before giving, account first.
  Flexible Bundle A and B have no CA ID; Geological, Entertain, Religion and Agriculture have one each.

  Scenario: Provision flexible bundle A
    When someone subscribes to "Flexible Bundle A" of "Geological, Entertain" on tucano
    Then tucano receives exactly:
      | command          | material | options               |
      | CREATE_ACCOUNT   |          |                       |
      | ADD_MATERIAL     | STB-1    |                       |
      | ACTIVATE_OPTIONS |          | Geological, Entertain |
    And the effects are:
      | tucano | +account T100001   |
      | tucano | +material STB-1    |
      | tucano | +option Geological |
      | tucano | +option Entertain  |

  Scenario: Swap flexible bundle A for Agriculture
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on tucano
    When "Flexible Bundle A" is swapped for "Agriculture"
    Then tucano receives exactly:
      | command          | options               |
      | SUSPEND_OPTIONS  | Geological, Entertain |
      | ACTIVATE_OPTIONS | Agriculture           |
    And the effects are:
      | tucano | -option Geological  |
      | tucano | -option Entertain   |
      | tucano | +option Agriculture |

  Scenario: Upgrade flexible bundle A to B
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on tucano
    When "Flexible Bundle A" is swapped for "Flexible Bundle B" of "Geological, Religion"
    Then tucano receives exactly:
      | command          | options   |
      | SUSPEND_OPTIONS  | Entertain |
      | ACTIVATE_OPTIONS | Religion  |
    And the effects are:
      | tucano | -option Entertain |
      | tucano | +option Religion  |

  Scenario: A bundle with a CA ID of its own is in the sets too, and a fixed bundle behaves alike
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on tucano
    When "Flexible Bundle A" is swapped for "Family Pack"
    Then tucano receives exactly:
      | command          | options            |
      | SUSPEND_OPTIONS  | Geological         |
      | ACTIVATE_OPTIONS | Family Pack, Sport |

  Scenario: A regretted swap is a swap back
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on tucano
    And "Flexible Bundle A" was swapped for "Flexible Bundle B" of "Geological, Religion"
    When service "Flexible Bundle B" is swapped back
    Then tucano receives exactly:
      | command          | options   |
      | SUSPEND_OPTIONS  | Religion  |
      | ACTIVATE_OPTIONS | Entertain |

  Scenario: What did not come by a swap can't be swapped back
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on tucano
    And "Sport" was added on "TUCANO_MAIN"
    When service "Sport" is swapped back
    Then the action is refused: "Service SPORT did not come by a swap; nothing to regret."
    And tucano receives nothing

  Scenario: Termination takes the material and the options, and leaves the account
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on tucano
    When the subscription is terminated
    Then tucano receives exactly:
      | command         | material | options               |
      | REMOVE_MATERIAL | STB-1    |                       |
      | SUSPEND_OPTIONS |          | Geological, Entertain |
    And the effects are:
      | tucano | -material STB-1    |
      | tucano | -option Geological |
      | tucano | -option Entertain  |

  Scenario: A replaced box is taken off before the new one is registered, and the options stay
    Given an effective subscription to "Sport" on tucano
    When STB "STB-1" is swapped for "STB-2"
    Then tucano receives exactly:
      | command         | material | type |
      | REMOVE_MATERIAL | STB-1    |      |
      | ADD_MATERIAL    | STB-2    | STB  |

  Scenario: A box that moves is taken off one account before it is registered on the other
    Given an effective subscription to "Sport" on tucano
    And the owner also has an effective subscription to "Cinema" on tucano
    When STB "STB-1" is moved to S0000000002
    Then tucano receives exactly:
      | command         | account | material | type |
      | REMOVE_MATERIAL | T100001 | STB-1    |      |
      | ADD_MATERIAL    | T100002 | STB-1    | STB  |

  Scenario: What ends by itself is sent before what was scheduled for the same moment
    Given an effective subscription to "Sport" on tucano
    And the subscription was rested until 2999-02-01
    And it was scheduled for 2999-02-01 that the subscription is deactivated
    When the maintenance runs on 2999-02-01
    Then tucano receives exactly:
      | command          | options |
      | ACTIVATE_OPTIONS | Sport   |
      | SUSPEND_OPTIONS  | Sport   |

  Scenario: A service held twice is not taken away with the first
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on tucano
    And "Geological" was added on "TUCANO_TWIN1"
    When service "Flexible Bundle A" is removed
    Then tucano receives exactly:
      | command         | options   |
      | SUSPEND_OPTIONS | Entertain |

  Scenario: A usage service is activated with its window
    Given an effective subscription to "Sport" on tucano
    When "Boxing Night" is ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "TUCANO_MAIN"
    Then tucano receives exactly:
      | command          | options      |
      | ACTIVATE_OPTIONS | Boxing Night |
    And the effects are:
      | tucano | +option Boxing Night 2999-01-01T20:00:00Z/2999-01-02T02:00:00Z |

  Scenario: Reset sends only what differs
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on tucano
    When the subscription is reset
    Then tucano receives nothing
    And the subscription is in sync

@files
Feature: What Conax Contego receives
  Products sit on the card; the STB is paired with it. Actions send nothing: the processing run looks for what is missing
  and puts it in files, the error handling looks for the answers. The first files of a scenario are of 2999-01-01.

  Scenario Outline: An action sends nothing
    Given a new subscription to "Flexible Bundle A" of "Geological, Entertain" on conax
    And "Sport" was added on "CONAX_MAIN"
    When <action>
    Then there are no effects
    And conax receives nothing

    Examples:
      | action                                                                                              |
      | the subscription is deactivated                                                                     |
      | the subscription is terminated                                                                      |
      | the subscription is rested                                                                          |
      | the subscription is deactivated for a while                                                         |
      | "Cinema" is added on "CONAX_MAIN"                                                                   |
      | "Premiere" is ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "CONAX_MAIN"              |
      | service "Sport" is stopped                                                                          |
      | service "Sport" is removed                                                                          |
      | "Flexible Bundle A" is swapped for "Flexible Bundle B" of "Geological, Religion"                    |
      | "Flexible Bundle A" gains "" and loses "Entertain"                                                  |
      | smartcard "CARD-2" is added on "CONAX_TWIN1"                                                        |
      | smartcard "CARD-1" is removed                                                                       |
      | smartcard "CARD-1" is swapped for "CARD-2"                                                          |
      | service "Sport" is taken off "CONAX_MAIN"                                                           |

  Scenario Outline: Nor does one that gives back what another took
    Given a new subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And <before>
    When <action>
    Then there are no effects
    And conax receives nothing

    Examples:
      | before                                                                                   | action                                                |
      | the subscription was deactivated                                                         | the subscription is activated                         |
      | the subscription was deactivated                                                         | the subscription is activated for a while             |
      | the subscription was rested                                                              | the subscription is woken from resting                |
      | the subscription was deactivated for a while                                             | the subscription is no longer deactivated for a while |
      | service "Cinema" was stopped                                                             | service "Cinema" is started                           |
      | "Sport" was swapped for "Religion"                                                       | service "Religion" is swapped back                    |
      | "Premiere" was ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "CONAX_MAIN" | service "Premiere" is called off                      |

  Scenario: A card that Conax could not read is refused with the action that brings it
    Given an effective subscription to "Sport" on conax
    When smartcard "4711" is added on "CONAX_TWIN1"
    Then the action is refused: "4711: its CA ID at conax: found '4711'; wanted: 11 or 12 digits."
    And conax receives nothing

  Scenario: The run pairs card and STB, and authorises the card: each from the run's minute on, for two months
    Given a new subscription to "Sport" on conax
    When the processing runs on 2999-01-01
    Then conax receives exactly:
      | command           | transaction | smartcard | stb   | product | cards  | start                | end                  |
      | CREATE_PAIRING    | 000001      | CARD-1    | STB-1 |         |        |                      |                      |
      | ADD_SUBSCRIPTIONS | 000002      |           |       | Sport   | CARD-1 | 2999-01-01T00:00:00Z | 2999-03-01T23:59:00Z |
    And the effects are:
      | conax | +paired STB-1                   |
      | conax | +product Sport until 2999-03-01 |

  Scenario: The numbers of files go on, their names begin with what is asked for
    Given a new subscription to "Sport" on conax
    When the processing runs on 2999-01-01
    Then the requests are:
      | type              | life_cycle_state | file     |
      | CREATE_PAIRING    | PENDING          | vp000001 |
      | ADD_SUBSCRIPTIONS | PENDING          | ps000002 |

  Scenario Outline: What switches a subscription on is authorised by the next run
    Given a draft subscription to "Sport" on conax
    And the subscription was <on>
    When the processing runs on 2999-01-01
    Then the effects are:
      | conax | +paired STB-1                   |
      | conax | +product Sport until 2999-03-01 |

    Examples:
      | on                    |
      | activated             |
      | activated for a while |

  Scenario Outline: What switches it off cancels what is authorised; card and STB stay a pair
    Given an effective subscription to "Sport" on conax
    And <off>
    When the processing runs
    Then conax receives exactly:
      | command              | transaction | product | cards  | start                | end                  |
      | CANCEL_SUBSCRIPTIONS | 000003      | Sport   | CARD-1 | 2999-01-01T00:00:00Z | 2999-02-01T23:59:00Z |
    And the effects are:
      | conax | -product Sport until 2999-03-01 |

    Examples:
      | off                                          |
      | the subscription was deactivated             |
      | the subscription was terminated              |
      | the subscription was regretted               |
      | the subscription was rested                  |
      | the subscription was deactivated for a while |
      | service "Sport" was stopped                  |
      | service "Sport" was taken off "CONAX_MAIN"   |
      | smartcard "CARD-1" was removed               |

  Scenario: An upgrade touches only what differs, and takes away before it gives
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on conax
    And "Flexible Bundle A" was swapped for "Flexible Bundle B" of "Geological, Religion"
    When the processing runs
    Then conax receives exactly:
      | command              | product   | cards  |
      | CANCEL_SUBSCRIPTIONS | Entertain | CARD-1 |
      | ADD_SUBSCRIPTIONS    | Religion  | CARD-1 |

  Scenario: What came and went between two runs is never sent
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And service "Cinema" was removed
    When the processing runs
    Then conax receives nothing
    And the subscription is in sync

  Scenario: A card that is replaced loses what it held, and the new one is paired before it is authorised
    Given an effective subscription to "Sport" on conax
    And smartcard "CARD-1" was swapped for "CARD-2"
    When the processing runs
    Then conax receives exactly:
      | command              | product | cards  | smartcard | stb   |
      | CANCEL_SUBSCRIPTIONS | Sport   | CARD-1 |           |       |
      | CREATE_PAIRING       |         |        | CARD-2    | STB-1 |
      | ADD_SUBSCRIPTIONS    | Sport   | CARD-2 |           |       |
    And conax holds what it should

  Scenario: An STB that is replaced is no matter of the card's products
    Given an effective subscription to "Sport" on conax
    And STB "STB-1" was swapped for "STB-2"
    When the processing runs
    Then conax receives exactly:
      | command        | smartcard | stb   |
      | CREATE_PAIRING | CARD-1    | STB-2 |
    And the effects are:
      | conax | -paired STB-1 |
      | conax | +paired STB-2 |

  Scenario: A card of another viewing point gets the channels of that
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_TWIN1"
    And smartcard "CARD-2" was added on "CONAX_TWIN1"
    When the processing runs
    Then conax receives exactly:
      | command           | product | cards  |
      | ADD_SUBSCRIPTIONS | Cinema  | CARD-2 |

  Scenario: Cards that get the same product in the same minute share a file
    Given a new subscription to "Sport" on conax
    And somebody else has a new subscription to "Sport" on conax
    When the processing runs on 2999-01-01
    Then conax receives exactly:
      | command           | transaction | product | cards          | smartcard |
      | CREATE_PAIRING    | 000001      |         |                | CARD-1    |
      | ADD_SUBSCRIPTIONS | 000002      | Sport   | CARD-1, CARD-2 |           |
      | CREATE_PAIRING    | 000003      |         |                | CARD-2    |

  Scenario: A file has no more cards than the provider says
    Given the operator's files also say:
      """
      [[providers]]
      code = "conax"
      operations = { maximum_records = "1" }
      """
    And a new subscription to "Sport" on conax
    And somebody else has a new subscription to "Sport" on conax
    When the processing runs on 2999-01-01
    Then conax receives exactly:
      | command           | product | cards  |
      | CREATE_PAIRING    |         |        |
      | ADD_SUBSCRIPTIONS | Sport   | CARD-1 |
      | ADD_SUBSCRIPTIONS | Sport   | CARD-2 |
      | CREATE_PAIRING    |         |        |

  Scenario: EXPRESS goes first, and says so to the platform
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And the pairing "STB-1" was sent to "CARD-1" as EXPRESS later
    When the processing runs
    Then conax receives exactly:
      | command           | priority | product |
      | CREATE_PAIRING    | EXPRESS  |         |
      | ADD_SUBSCRIPTIONS | REGULAR  | Cinema  |

  Scenario: A mail goes to the mailbox of a card
    Given an effective subscription to "Sport" on conax
    When the mail "Good morning" is sent to "CARD-1"
    Then conax receives exactly:
      | command                     | cards  | text         |
      | SEND_MAIL_MESSAGE_TO_CLIENT | CARD-1 | Good morning |
    And the effects are:
      | conax | +mail Good morning |
    And the requests are:
      | type                        | life_cycle_state | file     |
      | SEND_MAIL_MESSAGE_TO_CLIENT | PENDING          | gp000003 |

  Scenario: A bark goes onto the screen
    Given an effective subscription to "Sport" on conax
    When the bark "Back at noon" is sent to "CARD-1"
    Then conax receives exactly:
      | command                     | cards  | text         |
      | SEND_BARK_MESSAGE_TO_CLIENT | CARD-1 | Back at noon |
    And the effects are:
      | conax | +screen Back at noon |

  Scenario: The same text to several cards is one file
    Given an effective subscription to "Sport" on conax
    And somebody else has an effective subscription to "Sport" on conax
    And the mail "Good morning" was sent to "CARD-1" later
    And the mail "Good morning" was sent to "CARD-2" later
    When the processing runs
    Then conax receives exactly:
      | command                     | cards          |
      | SEND_MAIL_MESSAGE_TO_CLIENT | CARD-1, CARD-2 |

  Scenario: A message is sent to a card
    Given an effective subscription to "Sport" on conax
    When the mail "Good morning" is sent to "STB-1"
    Then the action is refused: "STB-1 is of product STB; wanted: a device that gets signals (SMARTCARD)."
    And conax receives nothing

  Scenario: A pair is made again by hand, with the STB that is there
    Given an effective subscription to "Sport" on conax
    And conax has forgotten "CARD-1"
    When the pairing is sent to "CARD-1"
    Then conax receives exactly:
      | command        | smartcard | stb   |
      | CREATE_PAIRING | CARD-1    | STB-1 |
    And the effects are:
      | conax | +paired STB-1 |

  Scenario: A card is authorised by hand, as a CRM does over the Web API
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    When the authorisation "Cinema" is sent to "CARD-1"
    Then the effects are:
      | conax | +product Cinema until 2999-03-01 |

  Scenario: Likewise a product is taken from it
    Given an effective subscription to "Sport" on conax
    When the cancellation "Sport" is sent to "CARD-1"
    Then conax receives exactly:
      | command              | product | cards  |
      | CANCEL_SUBSCRIPTIONS | Sport   | CARD-1 |
    And the effects are:
      | conax | -product Sport until 2999-03-01 |

  Scenario: A query changes nothing; its answer comes in the file
    Given an effective subscription to "Sport" on conax
    And the status query was sent to "CARD-1"
    When the error handling runs
    Then conax receives nothing
    And there are no effects
    And the requests are:
      | type         | life_cycle_state | answer                                   |
      | QUERY_STATUS | COMPLETED        | {'PRODUCTS': {'10001005': '2999-03-01'}} |

  @expects_refusals
  Scenario Outline: A file that is refused as a whole rejects all of its requests
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And conax refuses a file with <code>
    And the processing ran
    When the error handling runs
    Then the requests are:
      | type              | life_cycle_state | error_code |
      | ADD_SUBSCRIPTIONS | REJECTED         | <code>     |
    And the subscription is out of sync

    Examples:
      | code           |
      | ERR_NAME       |
      | ERR_CAMODE     |
      | ERR_TRANSNUM   |
      | ERR_PRODUCT    |
      | ERR_DATES      |
      | ERR_PRIORITY   |
      | ERR_NUMOFCARDS |
      | ERR_ENDREQ     |

  @expects_refusals
  Scenario: Of a file in which one card is wrong, that card's request is rejected and the others go into another file
    Given a new subscription to "Sport" on conax
    And somebody else has a new subscription to "Sport" on conax
    And conax refuses a file of ADD_SUBSCRIPTIONS for "CARD-2" with ERR_CARDNUM
    And the processing ran on 2999-01-01
    When the error handling runs
    Then the requests are:
      | subscription | type              | life_cycle_state | error_code  |
      | S0000000001  | CREATE_PAIRING    | COMPLETED        |             |
      | S0000000001  | ADD_SUBSCRIPTIONS | PENDING          |             |
      | S0000000002  | CREATE_PAIRING    | COMPLETED        |             |
      | S0000000002  | ADD_SUBSCRIPTIONS | REJECTED         | ERR_CARDNUM |

  @expects_refusals
  Scenario: What was rejected is missing again, and goes in a file of its own, so that it keeps no other waiting
    Given a new subscription to "Sport" on conax
    And somebody else has a new subscription to "Sport" on conax
    And conax refuses a file of ADD_SUBSCRIPTIONS for "CARD-2" with ERR_CARDNUM
    And the processing ran on 2999-01-01
    And the error handling ran
    When the processing runs
    Then conax receives exactly:
      | command           | product | cards  |
      | ADD_SUBSCRIPTIONS | Sport   | CARD-1 |
      | ADD_SUBSCRIPTIONS | Sport   | CARD-2 |

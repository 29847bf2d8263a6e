Feature: What Icareus Suite receives
  Products and devices hang on the user. Add User · Cancel Products · Remove Device · Remove User · Add Device ·
  Activate Products: the account first, and take away before giving.

  Scenario: Who subscribes is registered, with the device and the products
    When someone subscribes to "Flexible Bundle A" of "Geological, Entertain" on icareus
    Then icareus receives exactly:
      | command          | screenName  | userId | deviceId | productIds            |
      | addUser          | S0000000001 |        |          |                       |
      | addDeviceToUser  |             | 200001 | STB-1    |                       |
      | activateProducts |             | 200001 |          | Geological, Entertain |
    And the effects are:
      | icareus | +account 200001     |
      | icareus | +device STB-1       |
      | icareus | +product Geological |
      | icareus | +product Entertain  |

  Scenario: A draft is told to nobody
    When someone subscribes to "Sport" on icareus as a draft
    Then icareus receives nothing

  Scenario Outline: A draft is registered when it is on for the first time
    Given a draft subscription to "Sport" on icareus
    When the subscription is <on>
    Then icareus receives exactly:
      | command          | deviceId | productIds |
      | addUser          |          |            |
      | addDeviceToUser  | STB-1    |            |
      | activateProducts |          | Sport      |

    Examples:
      | on                    |
      | activated             |
      | activated for a while |

  Scenario Outline: What switches the subscription off cancels the products, and leaves user and device
    Given <state> subscription to "Sport" on icareus
    When the subscription is <off>
    Then icareus receives exactly:
      | command        | userId | productIds |
      | cancelProducts | 200001 | Sport      |
    And the effects are:
      | icareus | -product Sport |
    And the subscription is in sync

    Examples:
      | state                  | off                          |
      | an effective           | deactivated                  |
      | an effective           | rested                       |
      | an effective           | deactivated for a while      |
      | a short-term effective | no longer active for a while |

  Scenario Outline: What switches it on again activates the products only
    Given <state> subscription to "Sport" on icareus
    When the subscription is <on>
    Then icareus receives exactly:
      | command          | userId | productIds |
      | activateProducts | 200001 | Sport      |

    Examples:
      | state                    | on                                |
      | a deactivated            | activated                         |
      | a deactivated            | activated for a while             |
      | a resting                | woken from resting                |
      | a short-term deactivated | no longer deactivated for a while |

  Scenario Outline: The end of the subscription is the end of the user
    Given an effective subscription to "Sport" on icareus
    When the subscription is <ended>
    Then icareus receives exactly:
      | command              | userId | deviceId | productIds |
      | cancelProducts       | 200001 |          | Sport      |
      | removeDeviceFromUser | 200001 | STB-1    |            |
      | removeUser           | 200001 |          |            |
    And the effects are:
      | icareus | -product Sport  |
      | icareus | -device STB-1   |
      | icareus | -account 200001 |
    And the subscription is in sync

    Examples:
      | ended      |
      | terminated |
      | regretted  |

  Scenario: Who has stopped before is un-registered, too
    Given a deactivated subscription to "Sport" on icareus
    When the subscription is terminated
    Then icareus receives exactly:
      | command              | deviceId |
      | removeDeviceFromUser | STB-1    |
      | removeUser           |          |

  Scenario: A user stays when nothing is left on the subscription
    Given an effective subscription to "Sport" on icareus
    And STB "STB-1" was removed
    When service "Sport" is removed
    Then icareus receives exactly:
      | command        | productIds |
      | cancelProducts | Sport      |
    And the subscription is in sync

  Scenario Outline: Services come
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on icareus
    And service "Entertain" was stopped
    When <come>
    Then icareus receives exactly:
      | command          | productIds |
      | activateProducts | <products> |

    Examples:
      | come                                           | products                      |
      | "Cinema" is added on "ICAREUS_MAIN"            | Cinema                        |
      | "Family Pack" is added on "ICAREUS_MAIN"       | Family Pack, Entertain, Sport |
      | service "Entertain" is started                 | Entertain                     |
      | "Flexible Bundle A" gains "Sport" and loses "" | Sport                         |

  Scenario Outline: Services go
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on icareus
    And "Geological" was added on "ICAREUS_TWIN1"
    When <go>
    Then icareus receives exactly:
      | command        | productIds |
      | cancelProducts | Entertain  |

    Examples:
      | go                                                 |
      | service "Flexible Bundle A" is removed             |
      | service "Entertain" is stopped                     |
      | "Flexible Bundle A" gains "" and loses "Entertain" |

  Scenario: An upgrade touches only what differs between the two bundles
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on icareus
    When "Flexible Bundle A" is swapped for "Flexible Bundle B" of "Geological, Religion"
    Then icareus receives exactly:
      | command          | productIds |
      | cancelProducts   | Entertain  |
      | activateProducts | Religion   |

  Scenario: A regretted swap is a swap back
    Given an effective subscription to "Sport" on icareus
    And "Sport" was swapped for "Agriculture"
    When service "Agriculture" is swapped back
    Then icareus receives exactly:
      | command          | productIds  |
      | cancelProducts   | Agriculture |
      | activateProducts | Sport       |

  Scenario: A replaced box is taken off before the new one is registered, and the products stay
    Given an effective subscription to "Sport" on icareus
    When STB "STB-1" is swapped for "STB-2"
    Then icareus receives exactly:
      | command              | userId | deviceId |
      | removeDeviceFromUser | 200001 | STB-1    |
      | addDeviceToUser      | 200001 | STB-2    |
    And the effects are:
      | icareus | -device STB-1 |
      | icareus | +device STB-2 |
    And icareus holds what it should

  Scenario: A box that moves is taken off one user before it is registered to the other
    Given an effective subscription to "Sport" on icareus
    And the owner also has an effective subscription to "Cinema" on icareus
    When STB "STB-1" is moved to S0000000002
    Then icareus receives exactly:
      | command              | userId | deviceId |
      | removeDeviceFromUser | 200001 | STB-1    |
      | addDeviceToUser      | 200002 | STB-1    |

  Scenario Outline: What comes and goes by itself is one call
    Given an effective subscription to "Sport" on icareus
    When <moved>
    Then icareus receives exactly:
      | command   | deviceId | productIds |
      | <command> | <device> | <products> |

    Examples:
      | moved                                       | command              | device | products |
      | service "Sport" is taken off "ICAREUS_MAIN" | cancelProducts       |        | Sport    |
      | STB "STB-1" is taken off "ICAREUS_MAIN"     | removeDeviceFromUser | STB-1  |          |
      | STB "STB-2" is added on "ICAREUS_MAIN"      | addDeviceToUser      | STB-2  |          |
      | STB "STB-1" is removed                      | removeDeviceFromUser | STB-1  |          |

  Scenario: Icareus knows no viewing points: the same product on a second one is sent no second time
    Given an effective subscription to "Sport" on icareus
    When service "Sport" is put on "ICAREUS_TWIN1"
    Then icareus receives nothing
    And the subscription is in sync

  Scenario: A transactional film is activated without a window when it is ordered
    Given an effective subscription to "Sport" on icareus
    When "Premiere" is ordered from 2099-01-01T20:00:00Z to 2099-01-02T02:00:00Z on "ICAREUS_MAIN"
    Then icareus receives exactly:
      | command          | productIds |
      | activateProducts | Premiere   |
    And the effects are:
      | icareus | +product Premiere |

  Scenario Outline: It is cancelled when its window is over, or it is called off
    Given an effective subscription to "Sport" on icareus
    And "Premiere" was ordered from 2099-01-01T20:00:00Z to 2099-01-02T02:00:00Z on "ICAREUS_MAIN"
    When <over>
    Then icareus receives exactly:
      | command        | productIds |
      | cancelProducts | Premiere   |
    And icareus holds what it should

    Examples:
      | over                               |
      | the maintenance runs on 2099-01-03 |
      | service "Premiere" is called off   |

  Scenario Outline: What only takes away is an error where no account is registered
    Given icareus is down
    And an effective subscription to "Sport" on icareus
    When <less>
    Then the action is refused: "S0000000001 has no registered account at icareus, which <action> needs; reset the subscription first."
    And icareus receives nothing

    Examples:
      | less                            | action                  |
      | the subscription is terminated  | TERMINATE_SUBSCRIPTION  |
      | the subscription is deactivated | DEACTIVATE_SUBSCRIPTION |
      | service "Sport" is stopped      | STOP_SERVICE            |
      | STB "STB-1" is removed          | REMOVE_INSTALLED_ITEM   |

  Scenario: What an outage has kept away is sent by the reset
    Given icareus is down
    And an effective subscription to "Sport" on icareus
    When the trouble is over and the subscription is reset
    Then icareus receives exactly:
      | command          | deviceId | productIds |
      | addUser          |          |            |
      | addDeviceToUser  | STB-1    |            |
      | activateProducts |          | Sport      |
    And the subscription is in sync
    And icareus holds what it should

  @expects_refusals
  Scenario: A user whose registration was never answered is found by registering again
    Given icareus loses the reply 1 time
    When someone subscribes to "Sport" on icareus
    Then the effects are:
      | icareus | +account 200001 |
      | icareus | +device STB-1   |
      | icareus | +product Sport  |
    And the requests are:
      | type              | life_cycle_state | attempts |
      | ADD_USER          | COMPLETED        | 2        |
      | ADD_DEVICE        | COMPLETED        | 1        |
      | ACTIVATE_PRODUCTS | COMPLETED        | 1        |
    And the subscription is in sync

  @expects_refusals
  Scenario: A user whom the platform has forgotten is registered again by the reset, with all there should be
    Given an effective subscription to "Sport" on icareus
    And icareus has forgotten the account
    And "Cinema" was added on "ICAREUS_MAIN"
    When the subscription is reset
    Then icareus receives exactly:
      | command          | userId | deviceId | productIds    |
      | addUser          |        |          |               |
      | addDeviceToUser  | 200002 | STB-1    |               |
      | activateProducts | 200002 |          | Cinema, Sport |
    And the subscription is in sync
    And icareus holds what it should

  @expects_refusals
  Scenario: A user whom the platform has forgotten ends without a reset
    Given an effective subscription to "Sport" on icareus
    And icareus has forgotten the account
    When the subscription is terminated
    Then the requests are:
      | type            | life_cycle_state | error_code   |
      | CANCEL_PRODUCTS | REJECTED         | UNKNOWN_USER |
      | REMOVE_DEVICE   | REJECTED         | UNKNOWN_USER |
      | REMOVE_USER     | COMPLETED        |              |
    And the subscription is in sync

  @expects_refusals
  Scenario: A call that was signed with another key changes nothing
    Given an effective subscription to "Sport" on icareus
    And the operator's files also say:
      """
      [[providers]]
      code = "icareus"
      connection = { key = "another key" }
      """
    When "Cinema" is added on "ICAREUS_MAIN"
    Then the requests are:
      | type              | life_cycle_state | error_code    |
      | ACTIVATE_PRODUCTS | REJECTED         | INVALID_TOKEN |
    And there are no effects
    And the subscription is out of sync

  Scenario: Each attempt is signed anew, so that a long outage costs no token
    Given an effective subscription to "Sport" on icareus
    And the operator's files also say:
      """
      [[providers]]
      code = "icareus"
      retry = { first_pause_s = 400.0, longest_pause_s = 400.0, total_s = 3600.0 }
      """
    And icareus is busy 1 time
    When "Cinema" is added on "ICAREUS_MAIN"
    Then the requests are:
      | type              | life_cycle_state | attempts |
      | ACTIVATE_PRODUCTS | COMPLETED        | 2        |
    And the subscription is in sync

  Scenario: Reset sends only what differs
    Given an effective subscription to "Sport" on icareus
    When the subscription is reset
    Then icareus receives nothing
    And the subscription is in sync

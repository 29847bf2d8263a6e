Feature: What Irdeto KMS receives
  Entitlements sit on the secure client: the box, by its serial number. Each viewing point has a box, the smartcard that
  is paired with it, and channels of its own. Take away before giving, the box before what sits on it.

  Scenario: A subscription begins with its box, the card, and what the box may open
    When someone subscribes to "Flexible Bundle A" of "Geological, Entertain" on irdeto
    Then irdeto receives exactly:
      | command                | secureClient | subscription | sector      | smartcard | caIds                 |
      | REGISTER_SECURE_CLIENT | STB-1        | S0000000001  | IRDETO_MAIN |           |                       |
      | PAIR                   | STB-1        |              |             | CARD-1    |                       |
      | ADD_ENTITLEMENTS       | STB-1        |              |             |           | Geological, Entertain |
    And the effects are:
      | irdeto | +client STB-1 sector IRDETO_MAIN |
      | irdeto | +paired CARD-1                   |
      | irdeto | +entitlement Geological          |
      | irdeto | +entitlement Entertain           |
    And the subscription is in sync

  Scenario: A draft is nothing to Irdeto until it is activated
    Given a draft subscription to "Sport" on irdeto
    When the subscription is activated
    Then irdeto receives exactly:
      | command                | secureClient | smartcard | caIds |
      | REGISTER_SECURE_CLIENT | STB-1        |           |       |
      | PAIR                   | STB-1        | CARD-1    |       |
      | ADD_ENTITLEMENTS       | STB-1        |           | Sport |

  Scenario Outline: What switches a subscription off takes the entitlements, and leaves box and card
    Given an effective subscription to "Sport" on irdeto
    When the subscription is <off>
    Then irdeto receives exactly:
      | command             | secureClient | caIds |
      | REMOVE_ENTITLEMENTS | STB-1        | Sport |

    Examples:
      | off                     |
      | deactivated             |
      | rested                  |
      | deactivated for a while |

  Scenario Outline: What switches it on again gives them back
    Given <state> subscription to "Sport" on irdeto
    When the subscription is <on>
    Then irdeto receives exactly:
      | command          | secureClient | caIds |
      | ADD_ENTITLEMENTS | STB-1        | Sport |

    Examples:
      | state                    | on                                |
      | a deactivated            | activated                         |
      | a deactivated            | activated for a while             |
      | a resting                | woken from resting                |
      | a short-term deactivated | no longer deactivated for a while |

  Scenario Outline: The end of a subscription takes everything
    Given an effective subscription to "Sport" on irdeto
    When the subscription is <ended>
    Then irdeto receives exactly:
      | command                  | secureClient | smartcard | caIds |
      | REMOVE_ENTITLEMENTS      | STB-1        |           | Sport |
      | UNPAIR                   | STB-1        | CARD-1    |       |
      | DEREGISTER_SECURE_CLIENT | STB-1        |           |       |
    And the effects are:
      | irdeto | -entitlement Sport               |
      | irdeto | -paired CARD-1                   |
      | irdeto | -client STB-1 sector IRDETO_MAIN |

    Examples:
      | ended      |
      | terminated |
      | regretted  |

  Scenario Outline: What happens to a service changes the entitlements of its box only
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on irdeto
    And "Sport" was added on "IRDETO_MAIN"
    When <change>
    Then irdeto receives exactly:
      | command   | secureClient | caIds   |
      | <command> | STB-1        | <caIds> |

    Examples:
      | change                                             | command             | caIds                 |
      | "Cinema" is added on "IRDETO_MAIN"                 | ADD_ENTITLEMENTS    | Cinema                |
      | service "Sport" is stopped                         | REMOVE_ENTITLEMENTS | Sport                 |
      | service "Sport" is removed                         | REMOVE_ENTITLEMENTS | Sport                 |
      | service "Sport" is taken off "IRDETO_MAIN"         | REMOVE_ENTITLEMENTS | Sport                 |
      | service "Flexible Bundle A" is removed             | REMOVE_ENTITLEMENTS | Geological, Entertain |
      | "Flexible Bundle A" gains "" and loses "Entertain" | REMOVE_ENTITLEMENTS | Entertain             |

  Scenario: A service that was stopped is started
    Given an effective subscription to "Sport" on irdeto
    And "Cinema" was added on "IRDETO_MAIN"
    And service "Cinema" was stopped
    When service "Cinema" is started
    Then irdeto receives exactly:
      | command          | secureClient | caIds  |
      | ADD_ENTITLEMENTS | STB-1        | Cinema |

  Scenario: An upgrade touches only what differs
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on irdeto
    When "Flexible Bundle A" is swapped for "Flexible Bundle B" of "Geological, Religion"
    Then irdeto receives exactly:
      | command             | secureClient | caIds     |
      | REMOVE_ENTITLEMENTS | STB-1        | Entertain |
      | ADD_ENTITLEMENTS    | STB-1        | Religion  |

  Scenario: A regretted swap is a swap back
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on irdeto
    And "Flexible Bundle A" was swapped for "Flexible Bundle B" of "Geological, Religion"
    When service "Flexible Bundle B" is swapped back
    Then irdeto receives exactly:
      | command             | secureClient | caIds     |
      | REMOVE_ENTITLEMENTS | STB-1        | Religion  |
      | ADD_ENTITLEMENTS    | STB-1        | Entertain |

  Scenario: A box that comes gets the channels of its viewing point, and its card when that comes
    Given an effective subscription to "Sport" on irdeto
    And "Cinema" was added on "IRDETO_TWIN1"
    And STB "STB-2" was added on "IRDETO_TWIN1"
    When smartcard "CARD-2" is added on "IRDETO_TWIN1"
    Then irdeto receives exactly:
      | command | secureClient | smartcard |
      | PAIR    | STB-2        | CARD-2    |
    And irdeto holds what it should

  Scenario: A channel that is watched nowhere yet goes to the box that comes
    Given an effective subscription to "Sport" on irdeto
    And "Cinema" was added on "IRDETO_TWIN1"
    When STB "STB-2" is added on "IRDETO_TWIN1"
    Then irdeto receives exactly:
      | command                | secureClient | sector       | caIds  |
      | REGISTER_SECURE_CLIENT | STB-2        | IRDETO_TWIN1 |        |
      | ADD_ENTITLEMENTS       | STB-2        |              | Cinema |

  Scenario: Four viewing points have four boxes, each with its own channels
    Given an effective subscription to "Sport" on irdeto
    And "Cinema" was added on "IRDETO_TWIN1"
    And "Religion" was added on "IRDETO_TWIN2"
    And "Agriculture" was added on "IRDETO_TWIN3"
    And STB "STB-2" was added on "IRDETO_TWIN1"
    And STB "STB-3" was added on "IRDETO_TWIN2"
    And STB "STB-4" was added on "IRDETO_TWIN3"
    When "Geological" is added on "IRDETO_MAIN, IRDETO_TWIN1, IRDETO_TWIN2, IRDETO_TWIN3"
    Then irdeto receives exactly:
      | command          | secureClient | caIds      |
      | ADD_ENTITLEMENTS | STB-1        | Geological |
      | ADD_ENTITLEMENTS | STB-2        | Geological |
      | ADD_ENTITLEMENTS | STB-3        | Geological |
      | ADD_ENTITLEMENTS | STB-4        | Geological |
    And irdeto holds what it should

  Scenario: A channel that is taken from one viewing point stays on the others
    Given an effective subscription to "Sport" on irdeto
    And service "Sport" was put on "IRDETO_TWIN1"
    And STB "STB-2" was added on "IRDETO_TWIN1"
    When service "Sport" is taken off "IRDETO_TWIN1"
    Then irdeto receives exactly:
      | command             | secureClient | caIds |
      | REMOVE_ENTITLEMENTS | STB-2        | Sport |
    And irdeto holds what it should

  Scenario: A viewing point needs the one before it
    Given an effective subscription to "Sport" on irdeto
    When "Cinema" is added on "IRDETO_TWIN2"
    Then the action is refused: "IRDETO_TWIN2, required distributor: found nothing on IRDETO_TWIN1; wanted: IRDETO_TWIN1 in use."
    And irdeto receives nothing

  Scenario: A replaced box gives up card and channels, and the new one gets them
    Given an effective subscription to "Sport" on irdeto
    When STB "STB-1" is swapped for "STB-9"
    Then irdeto receives exactly:
      | command                  | secureClient | sector      | smartcard | caIds |
      | REMOVE_ENTITLEMENTS      | STB-1        |             |           | Sport |
      | UNPAIR                   | STB-1        |             | CARD-1    |       |
      | DEREGISTER_SECURE_CLIENT | STB-1        |             |           |       |
      | REGISTER_SECURE_CLIENT   | STB-9        | IRDETO_MAIN |           |       |
      | PAIR                     | STB-9        |             | CARD-1    |       |
      | ADD_ENTITLEMENTS         | STB-9        |             |           | Sport |
    And irdeto holds what it should

  Scenario: A replaced card leaves the channels alone
    Given an effective subscription to "Sport" on irdeto
    When smartcard "CARD-1" is swapped for "CARD-9"
    Then irdeto receives exactly:
      | command | secureClient | smartcard |
      | UNPAIR  | STB-1        | CARD-1    |
      | PAIR    | STB-1        | CARD-9    |
    And the effects are:
      | irdeto | -paired CARD-1 |
      | irdeto | +paired CARD-9 |

  Scenario: A box that is removed leaves nothing there
    Given an effective subscription to "Sport" on irdeto
    When STB "STB-1" is removed
    Then irdeto receives exactly:
      | command                  | secureClient | smartcard | caIds |
      | REMOVE_ENTITLEMENTS      | STB-1        |           | Sport |
      | UNPAIR                   | STB-1        | CARD-1    |       |
      | DEREGISTER_SECURE_CLIENT | STB-1        |           |       |
    And irdeto holds what it should

  Scenario: The card of a box that is removed goes to the next box there
    Given an effective subscription to "Sport" on irdeto
    And STB "STB-2" was added on "IRDETO_MAIN"
    When STB "STB-1" is removed
    Then irdeto receives exactly:
      | command                  | secureClient | smartcard | caIds |
      | REMOVE_ENTITLEMENTS      | STB-1        |           | Sport |
      | UNPAIR                   | STB-1        | CARD-1    |       |
      | DEREGISTER_SECURE_CLIENT | STB-1        |           |       |
      | PAIR                     | STB-2        | CARD-1    |       |
    And irdeto holds what it should

  Scenario: A box that moves to another viewing point is registered there, with the channels of that
    Given an effective subscription to "Sport" on irdeto
    And "Cinema" was added on "IRDETO_TWIN1"
    And STB "STB-1" was put on "IRDETO_TWIN1"
    When STB "STB-1" is taken off "IRDETO_MAIN"
    Then irdeto receives exactly:
      | command                | secureClient | sector       | smartcard | caIds |
      | REMOVE_ENTITLEMENTS    | STB-1        |              |           | Sport |
      | UNPAIR                 | STB-1        |              | CARD-1    |       |
      | REGISTER_SECURE_CLIENT | STB-1        | IRDETO_TWIN1 |           |       |
    And the effects are:
      | irdeto | -entitlement Sport                |
      | irdeto | -paired CARD-1                    |
      | irdeto | -client STB-1 sector IRDETO_MAIN  |
      | irdeto | +client STB-1 sector IRDETO_TWIN1 |
    And irdeto holds what it should

  Scenario: A box that goes over to another subscription is taken out before it is registered again
    Given an effective subscription to "Sport" on irdeto
    And the owner also has an effective subscription to "Cinema" on irdeto
    And smartcard "CARD-1" was removed
    When STB "STB-1" is moved to S0000000002 on "IRDETO_MAIN"
    Then irdeto receives exactly:
      | command                  | secureClient | subscription | caIds  |
      | REMOVE_ENTITLEMENTS      | STB-1        |              | Sport  |
      | DEREGISTER_SECURE_CLIENT | STB-1        |              |        |
      | REGISTER_SECURE_CLIENT   | STB-1        | S0000000002  |        |
      | ADD_ENTITLEMENTS         | STB-1        |              | Cinema |

  Scenario: A usage service is entitled for its window
    Given an effective subscription to "Sport" on irdeto
    When "Boxing Night" is ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "IRDETO_MAIN"
    Then irdeto receives exactly:
      | command          | secureClient | caIds        |
      | ADD_ENTITLEMENTS | STB-1        | Boxing Night |
    And the effects are:
      | irdeto | +entitlement Boxing Night 2999-01-01T20:00:00Z/2999-01-02T02:00:00Z |

  Scenario: A usage service that is called off is taken away
    Given an effective subscription to "Sport" on irdeto
    And "Boxing Night" was ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "IRDETO_MAIN"
    When service "Boxing Night" is called off
    Then irdeto receives exactly:
      | command             | secureClient | caIds        |
      | REMOVE_ENTITLEMENTS | STB-1        | Boxing Night |

  Scenario: A window that ends goes off by itself
    Given an effective subscription to "Sport" on irdeto
    And "Boxing Night" was ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "IRDETO_MAIN"
    When the maintenance runs on 2999-01-03
    Then irdeto receives nothing
    And irdeto holds what it should
    And the subscription is in sync

  Scenario: What an outage has kept away is sent by the reset, and nothing else
    Given an effective subscription to "Sport" on irdeto
    And irdeto is down
    And STB "STB-1" was swapped for "STB-9"
    When the trouble is over and the subscription is reset
    Then irdeto receives exactly:
      | command                  | secureClient | smartcard | caIds |
      | REMOVE_ENTITLEMENTS      | STB-1        |           | Sport |
      | UNPAIR                   | STB-1        | CARD-1    |       |
      | DEREGISTER_SECURE_CLIENT | STB-1        |           |       |
      | REGISTER_SECURE_CLIENT   | STB-9        |           |       |
      | PAIR                     | STB-9        | CARD-1    |       |
      | ADD_ENTITLEMENTS         | STB-9        |           | Sport |
    And irdeto holds what it should
    And the subscription is in sync

  Scenario Outline: A call whose answer is lost is repeated, and acts once
    Given an effective subscription to "Sport" on irdeto
    And irdeto <fault> 1 time
    When "Cinema" is added on "IRDETO_MAIN"
    Then the effects are:
      | irdeto | +entitlement Cinema |
    And the subscription is in sync

    Examples:
      | fault              |
      | loses the request  |
      | loses the reply    |
      | garbles the answer |
      | is busy            |

  @expects_refusals
  Scenario: A forgotten box is found out when something is given to it
    Given an effective subscription to "Sport" on irdeto
    And irdeto has forgotten "STB-1"
    When "Cinema" is added on "IRDETO_MAIN"
    Then the requests are:
      | type             | life_cycle_state | error_code            |
      | ADD_ENTITLEMENTS | REJECTED         | UNKNOWN_SECURE_CLIENT |
    And the subscription is out of sync

  @expects_refusals
  Scenario: A forgotten box is found out when something is taken from it, which is so already
    Given an effective subscription to "Sport" on irdeto
    And "Cinema" was added on "IRDETO_MAIN"
    And irdeto has forgotten "STB-1"
    When service "Cinema" is stopped
    Then the requests are:
      | type                | life_cycle_state | error_code |
      | REMOVE_ENTITLEMENTS | COMPLETED        |            |
    And the subscription is out of sync

  @expects_refusals
  Scenario: One reset brings a forgotten box back with all that was on it
    Given an effective subscription to "Sport" on irdeto
    And "Cinema" was added on "IRDETO_MAIN"
    And irdeto has forgotten "STB-1"
    And service "Cinema" was stopped
    When the subscription is reset
    Then irdeto receives exactly:
      | command                | secureClient | smartcard | caIds |
      | REGISTER_SECURE_CLIENT | STB-1        |           |       |
      | PAIR                   | STB-1        | CARD-1    |       |
      | ADD_ENTITLEMENTS       | STB-1        |           | Sport |
    And irdeto holds what it should
    And the subscription is in sync

  @expects_refusals
  Scenario: A forgotten box may leave
    Given an effective subscription to "Sport" on irdeto
    And irdeto has forgotten "STB-1"
    When the subscription is terminated
    Then the requests are:
      | type                     | life_cycle_state |
      | REMOVE_ENTITLEMENTS      | COMPLETED        |
      | UNPAIR                   | COMPLETED        |
      | DEREGISTER_SECURE_CLIENT | COMPLETED        |
    And the subscription is in sync

  Scenario: A reset of what is in sync sends nothing
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on irdeto
    When the subscription is reset
    Then irdeto receives nothing
    And the subscription is in sync

Feature: What a distributor's rules say, and when they are looked at
  An action that would break one is refused as a whole. The sentence names the distributor, the rule, what was found and
  what was wanted.

  Scenario Outline: A service that a rule does not take
    Given the operator's files also say:
      """
      [[providers]]
      code = "tucano"
      [[providers.distributors]]
      code = "TUCANO_MAIN"
      <rule>
      """
    And an effective subscription to "Sport" on tucano
    When "Cinema" is added on "TUCANO_MAIN"
    Then the action is refused: "TUCANO_MAIN, <broken>."
    And tucano receives nothing
    And the subscription is in sync

    Examples:
      | rule                                                         | broken                                                                                 |
      | allowed_services = ["SPORT"]                                 | allowed services: found CINEMA; wanted: one of SPORT                                   |
      | restrictions = [{ maximum = 1 }]                             | restriction: found 2 services (CINEMA, SPORT); wanted: at most 1 service               |
      | restrictions = [{ maximum = 1, service_types = ["termed"] }] | restriction: found 2 termed services (CINEMA, SPORT); wanted: at most 1 termed service |

  Scenario Outline: A service that the same rules take
    Given the operator's files also say:
      """
      [[providers]]
      code = "tucano"
      [[providers.distributors]]
      code = "TUCANO_MAIN"
      <rule>
      """
    And an effective subscription to "Sport" on tucano
    When "Cinema" is added on "TUCANO_MAIN"
    Then the effects are:
      | tucano | +option Cinema |

    Examples:
      | rule                                                              |
      | allowed_services = ["SPORT", "CINEMA"]                            |
      | restrictions = [{ minimum = 1, maximum = 2 }]                     |
      | restrictions = [{ maximum = 0, service_types = ["usage"] }]       |
      | restrictions = [{ maximum = 1, physical_good_types = ["STB"] }]   |
      | dependencies = { services = ["SPORT"], physical_goods = ["STB"] } |
      | dependencies = { enabled = false, services = ["BOXING_NIGHT"] }   |
      | required_distributor = "TUCANO_MAIN"                              |

  Scenario Outline: What a rule wants is not given up
    Given an effective subscription to "Sport" on tucano
    And "Cinema" was added on "TUCANO_MAIN"
    And the operator's files also say:
      """
      [[providers]]
      code = "tucano"
      [[providers.distributors]]
      code = "TUCANO_MAIN"
      <rule>
      """
    When <what> is removed
    Then the action is refused: "TUCANO_MAIN, <broken>."
    And tucano receives nothing

    Examples:
      | rule                                                                              | what            | broken                                                                                        |
      | restrictions = [{ minimum = 2 }]                                                  | service "Sport" | restriction: found 1 service (CINEMA); wanted: at least 2 services                            |
      | restrictions = [{ minimum = 2, maximum = 4 }]                                     | service "Sport" | restriction: found 1 service (CINEMA); wanted: 2 to 4 services                                |
      | restrictions = [{ minimum = 1, physical_good_types = ["STB"], mandatory = true }] | STB "STB-1"     | restriction: found 0 physical goods of type STB; wanted: at least 1 physical good of type STB |
      | dependencies = { services = ["SPORT"] }                                           | service "Sport" | dependency: found no service SPORT; wanted: service SPORT                                     |
      | dependencies = { physical_goods = ["STB"] }                                       | STB "STB-1"     | dependency: found no physical good STB; wanted: physical good STB                             |
      | dependencies = { physical_good_types = ["STB"] }                                  | STB "STB-1"     | dependency: found no physical good of type STB; wanted: physical good of type STB             |

  Scenario: A restriction that is not mandatory is kept by none at all, too
    Given the operator's files also say:
      """
      [[providers]]
      code = "tucano"
      [[providers.distributors]]
      code = "TUCANO_MAIN"
      restrictions = [{ minimum = 1, physical_good_types = ["STB"] }]
      """
    And an effective subscription to "Sport" on tucano
    When STB "STB-1" is removed
    Then the effects are:
      | tucano | -material STB-1 |

  Scenario Outline: Hardware that is mandatory stays as long as anything is watched
    Given the operator's files also say:
      """
      [[providers]]
      code = "tucano"
      [[providers.hardware]]
      product = "STB"
      mandatory = true
      """
    And an effective subscription to "Sport" on tucano
    And the owner also has an effective subscription to "Cinema" on tucano
    When STB "STB-1" is <lost>
    Then the action is refused: "TUCANO_MAIN, mandatory hardware: found no physical good; wanted: STB."
    And tucano receives nothing

    Examples:
      | lost                    |
      | removed                 |
      | taken off "TUCANO_MAIN" |
      | moved to S0000000002    |

  Scenario: Hardware that is mandatory may be replaced
    Given the operator's files also say:
      """
      [[providers]]
      code = "tucano"
      [[providers.hardware]]
      product = "STB"
      mandatory = true
      """
    And an effective subscription to "Sport" on tucano
    When STB "STB-1" is swapped for "STB-2"
    Then the effects are:
      | tucano | -material STB-1 |
      | tucano | +material STB-2 |

  Scenario Outline: Looked at, on a subscription that is on, with whatever changes what is where
    Given an effective subscription to "Flexible Bundle A" of "Geological" on tucano
    And "Sport" was added on "TUCANO_MAIN"
    And "Premiere" was ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "TUCANO_MAIN"
    And "Religion" was added as a draft on "TUCANO_MAIN"
    And "Cinema" was added on "TUCANO_MAIN"
    And "Cinema" was swapped for "Agriculture"
    And the operator's files also say:
      """
      [[providers]]
      code = "tucano"
      [[providers.distributors]]
      code = "TUCANO_MAIN"
      required_distributor = "TUCANO_TWIN3"
      """
    When <something happens>
    Then the action is refused: "TUCANO_MAIN, required distributor: found nothing on TUCANO_TWIN3; wanted: TUCANO_TWIN3 in use."
    And tucano receives nothing

    Examples:
      | something happens                                                                            |
      | "Cinema" is added on "TUCANO_MAIN"                                                           |
      | service "Sport" is removed                                                                   |
      | service "Sport" is regretted                                                                 |
      | service "Sport" is stopped                                                                   |
      | service "Religion" is started                                                                |
      | "Sport" is swapped for "Cinema"                                                              |
      | service "Agriculture" is swapped back                                                        |
      | "Flexible Bundle A" gains "Entertain" and loses "Geological"                                 |
      | "Boxing Night" is ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "TUCANO_MAIN" |
      | service "Premiere" is called off                                                             |
      | STB "STB-2" is added on "TUCANO_MAIN"                                                        |
      | STB "STB-1" is removed                                                                       |
      | STB "STB-1" is swapped for "STB-2"                                                           |
      | service "Sport" is put on "TUCANO_TWIN1"                                                     |
      | STB "STB-1" is taken off "TUCANO_MAIN"                                                       |

  Scenario: Looked at when someone subscribes
    Given the operator's files also say:
      """
      [[providers]]
      code = "tucano"
      [[providers.distributors]]
      code = "TUCANO_MAIN"
      allowed_services = ["CINEMA"]
      """
    When someone subscribes to "Sport" on tucano
    Then the action is refused: "TUCANO_MAIN, allowed services: found SPORT; wanted: one of CINEMA."
    And tucano receives nothing

  Scenario: Not looked at when someone subscribes as a draft
    Given the operator's files also say:
      """
      [[providers]]
      code = "tucano"
      [[providers.distributors]]
      code = "TUCANO_MAIN"
      allowed_services = ["CINEMA"]
      """
    When someone subscribes to "Sport" on tucano as a draft
    Then the subscription is DRAFT
    And there are no effects

  Scenario Outline: Looked at when a subscription is to be on
    Given <state> subscription to "Sport" on tucano
    And the operator's files also say:
      """
      [[providers]]
      code = "tucano"
      [[providers.distributors]]
      code = "TUCANO_MAIN"
      allowed_services = ["CINEMA"]
      """
    When <something happens>
    Then the action is refused: "TUCANO_MAIN, allowed services: found SPORT; wanted: one of CINEMA."
    And tucano receives nothing

    Examples:
      | state         | something happens                         |
      | a draft       | the subscription is activated             |
      | a draft       | the subscription is activated for a while |
      | a deactivated | the subscription is activated             |
      | a deactivated | the subscription is activated for a while |
      | a deactivated | service "Sport" is started                |

  Scenario Outline: Not looked at when something ends, or ends by itself
    Given <state> subscription to "Sport" on tucano
    And the operator's files also say:
      """
      [[providers]]
      code = "tucano"
      [[providers.distributors]]
      code = "TUCANO_MAIN"
      allowed_services = ["CINEMA"]
      """
    When the subscription is <verb>
    Then the effects are:
      | tucano | <effect> |
    And the subscription is <then>

    Examples:
      | state                    | verb                              | effect        | then                     |
      | an effective             | deactivated                       | -option Sport | NOT_EFFECTIVE            |
      | an effective             | rested                            | -option Sport | IN_RESTING               |
      | an effective             | deactivated for a while           | -option Sport | SHORT_TERM_NOT_EFFECTIVE |
      | a resting                | woken from resting                | +option Sport | EFFECTIVE                |
      | a short-term deactivated | no longer deactivated for a while | +option Sport | EFFECTIVE                |
      | a short-term effective   | no longer active for a while      | -option Sport | NOT_EFFECTIVE            |

  Scenario: Not looked at when the last service is stopped, because the subscription is off then
    Given an effective subscription to "Sport" on tucano
    And the operator's files also say:
      """
      [[providers]]
      code = "tucano"
      [[providers.distributors]]
      code = "TUCANO_MAIN"
      allowed_services = ["CINEMA"]
      """
    When service "Sport" is stopped
    Then the effects are:
      | tucano | -option Sport |

  Scenario Outline: Not looked at while a subscription is off
    Given <state> subscription to "Sport" on tucano
    When "Cinema" is added on "TUCANO_TWIN3"
    Then there are no effects
    And service "Cinema" is <then>

    Examples:
      | state                    | then                     |
      | a draft                  | DRAFT                    |
      | a deactivated            | NOT_EFFECTIVE            |
      | a resting                | IN_RESTING               |
      | a short-term deactivated | SHORT_TERM_NOT_EFFECTIVE |

Feature: Actions for later
  Most actions can be scheduled. The maintenance run executes them when they are due.

  Scenario: A scheduled action waits for its moment
    Given an effective subscription to "Sport" on tucano
    When it is scheduled for 2999-02-01 that service "Sport" is stopped
    Then there are no effects
    And tucano receives nothing
    And service "Sport" is EFFECTIVE
    And the actions are:
      | action       | state     |
      | STOP_SERVICE | SCHEDULED |

  Scenario: It is executed when it is due
    Given an effective subscription to "Sport" on tucano
    And it was scheduled for 2999-02-01T06:30:00Z that service "Sport" is stopped
    When the maintenance runs on 2999-02-01T06:30:00Z
    Then the effects are:
      | tucano | -option Sport |
    And the subscription is NOT_EFFECTIVE
    And the actions are:
      | action       | state    |
      | STOP_SERVICE | EXECUTED |

  Scenario: It is not executed before
    Given an effective subscription to "Sport" on tucano
    And it was scheduled for 2999-02-01T06:30:00Z that service "Sport" is stopped
    When the maintenance runs on 2999-02-01T06:25:00Z
    Then there are no effects
    And the actions are:
      | action       | state     |
      | STOP_SERVICE | SCHEDULED |

  Scenario: It is executed once
    Given an effective subscription to "Sport" on tucano
    And it was scheduled for 2999-02-01 that "Cinema" is added on "TUCANO_MAIN"
    And the maintenance ran on 2999-02-01
    When the maintenance runs on 2999-02-02
    Then there are no effects
    And the actions are:
      | action      | state    |
      | ADD_SERVICE | EXECUTED |

  Scenario Outline: Whatever can be scheduled is executed as it would be at once
    Given <state> subscription to "Flexible Bundle A" of "Geological" on tucano
    And it was scheduled for 2999-02-01 that <action>
    When the maintenance runs on 2999-02-01
    Then the effects are:
      | tucano | <effect> |
    And the subscription is <then>
    And the actions are:
      | state    |
      | EXECUTED |

    Examples:
      | state                    | action                                                                                   | effect                                                     | then                     |
      | a deactivated            | the subscription is activated                                                            | +option Geological                                         | EFFECTIVE                |
      | an effective             | the subscription is deactivated                                                          | -option Geological                                         | NOT_EFFECTIVE            |
      | an effective             | the subscription is rested until 2999-03-01                                              | -option Geological                                         | IN_RESTING               |
      | a resting                | the subscription is woken from resting                                                   | +option Geological                                         | EFFECTIVE                |
      | a deactivated            | the subscription is activated for a while until 2999-03-01                               | +option Geological                                         | SHORT_TERM_EFFECTIVE     |
      | a short-term effective   | the subscription is no longer active for a while                                         | -option Geological                                         | NOT_EFFECTIVE            |
      | an effective             | the subscription is deactivated for a while                                              | -option Geological                                         | SHORT_TERM_NOT_EFFECTIVE |
      | a short-term deactivated | the subscription is no longer deactivated for a while                                    | +option Geological                                         | EFFECTIVE                |
      | an effective             | "Cinema" is added on "TUCANO_MAIN"                                                       | +option Cinema                                             | EFFECTIVE                |
      | an effective             | service "Flexible Bundle A" is removed                                                   | -option Geological                                         | EFFECTIVE                |
      | an effective             | service "Flexible Bundle A" is stopped                                                   | -option Geological                                         | NOT_EFFECTIVE            |
      | a deactivated            | service "Flexible Bundle A" is started                                                   | +option Geological                                         | EFFECTIVE                |
      | an effective             | "Flexible Bundle A" gains "Sport" and loses ""                                           | +option Sport                                              | EFFECTIVE                |
      | an effective             | "Premiere" is ordered from 2999-02-01T20:00:00Z to 2999-02-02T02:00:00Z on "TUCANO_MAIN" | +option Premiere 2999-02-01T20:00:00Z/2999-02-02T02:00:00Z | EFFECTIVE                |

  Scenario: A scheduled termination ends it all
    Given an effective subscription to "Sport" on tucano
    And it was scheduled for 2999-02-01 that the subscription is terminated
    And it was scheduled for 2999-03-01 that the subscription is deactivated
    When the maintenance runs on 2999-02-01
    Then the effects are:
      | tucano | -material STB-1 |
      | tucano | -option Sport   |
    And the actions are:
      | action                  | state     | reason                    |
      | TERMINATE_SUBSCRIPTION  | EXECUTED  |                           |
      | DEACTIVATE_SUBSCRIPTION | CANCELLED | S0000000001 is CANCELLED. |

  Scenario: A scheduled swap tells its class when it is executed, and can be regretted at a scheduled time
    Given an effective subscription to "Flexible Bundle A" of "Geological" on tucano
    And it was scheduled for 2999-02-01 that "Flexible Bundle A" is swapped for "Agriculture"
    And the maintenance ran on 2999-02-01
    And it was scheduled for 2999-02-10 that service "Agriculture" is swapped back
    When the maintenance runs on 2999-02-10
    Then the effects are:
      | tucano | -option Agriculture |
      | tucano | +option Geological  |
    And the actions are:
      | action       | state    | swap_class |
      | SWAP_SERVICE | EXECUTED | downgrade  |
      | REGRET_SWAP  | EXECUTED |            |

  Scenario: An order that is called off at a scheduled time
    Given an effective subscription to "Sport" on tucano
    And "Premiere" was ordered from 2999-03-01T20:00:00Z to 2999-03-02T02:00:00Z on "TUCANO_MAIN"
    And it was scheduled for 2999-02-01 that service "Premiere" is called off
    When the maintenance runs on 2999-02-01
    Then the effects are:
      | tucano | -option Premiere 2999-03-01T20:00:00Z/2999-03-02T02:00:00Z |
    And service "Premiere" is CANCELLED

  Scenario Outline: What can't be scheduled is refused
    Given an effective subscription to "Sport" on tucano
    And the owner also has an effective subscription to "Cinema" on tucano
    When it is scheduled for 2999-02-01 that <action>
    Then the action is refused: "<code> can't be scheduled; it is executed at once."
    And there are no effects

    Examples:
      | action                                   | code                  |
      | STB "STB-3" is added on "TUCANO_MAIN"    | ADD_INSTALLED_ITEM    |
      | STB "STB-1" is removed                   | REMOVE_INSTALLED_ITEM |
      | STB "STB-1" is swapped for "STB-3"       | SWAP_INSTALLED_ITEM   |
      | STB "STB-1" is moved to S0000000002      | MOVE_INSTALLED_ITEM   |
      | service "Sport" is put on "TUCANO_TWIN1" | CHANGE_DISTRIBUTION   |
      | service "Sport" is over                  | END_SERVICE_USAGE     |

  Scenario: What can never be meant is refused at once
    Given an effective subscription to "Sport" on tucano
    When it is scheduled for 2999-02-01 that "Cinema" is added on "TUCANO_ATTIC"
    Then the action is refused: "Unknown distributor 'TUCANO_ATTIC', perhaps TUCANO_MAIN was meant; known: CONAX_MAIN, CONAX_TWIN1, CONAX_TWIN2, CONAX_TWIN3, ICAREUS_MAIN, ICAREUS_TWIN1, IRDETO_MAIN, IRDETO_TWIN1, IRDETO_TWIN2, IRDETO_TWIN3, TUCANO_MAIN, TUCANO_TWIN1, TUCANO_TWIN2, TUCANO_TWIN3."
    And there are no effects

  Scenario: Nothing is scheduled for who has gone
    Given a terminated subscription to "Sport" on tucano
    When it is scheduled for 2999-02-01 that the subscription is activated
    Then the action is refused: "S0000000001 is CANCELLED; wanted: DRAFT or EFFECTIVE or IN_RESTING or NOT_EFFECTIVE or SHORT_TERM_EFFECTIVE or SHORT_TERM_NOT_EFFECTIVE."
    And there are no effects

  Scenario: What is cancelled is not executed
    Given an effective subscription to "Sport" on tucano
    And it was scheduled for 2999-02-01 that service "Sport" is stopped
    And the scheduled action was cancelled
    When the maintenance runs on 2999-02-01
    Then there are no effects
    And the actions are:
      | action       | state     | reason                   |
      | STOP_SERVICE | CANCELLED | Cancelled by the caller. |

  Scenario: What is executed can't be cancelled any more
    Given an effective subscription to "Sport" on tucano
    And it was scheduled for 2999-02-01 that service "Sport" is stopped
    And the maintenance ran on 2999-02-01
    When the scheduled action is cancelled
    Then the action is refused: "Action 2 is EXECUTED; wanted: SCHEDULED."
    And there are no effects

  Scenario: What the state does not allow when it is due is rejected, with the reason
    Given an effective subscription to "Sport" on tucano
    And "Cinema" was added on "TUCANO_MAIN"
    And it was scheduled for 2999-02-01 that service "Sport" is stopped
    And service "Sport" was stopped
    When the maintenance runs on 2999-02-01
    Then there are no effects
    And service "Sport" is NOT_EFFECTIVE
    And the actions are:
      | action       | state    | reason                                               |
      | STOP_SERVICE | REJECTED | Service SPORT is NOT_EFFECTIVE; EFFECTIVE is wanted. |

  Scenario: What a distributor's rules do not allow when it is due is rejected, with the reason
    Given an effective subscription to "Sport" on tucano
    And it was scheduled for 2999-02-01 that "Cinema" is added on "TUCANO_TWIN3"
    When the maintenance runs on 2999-02-01
    Then there are no effects
    And the actions are:
      | action      | state    | reason                                                                                          |
      | ADD_SERVICE | REJECTED | TUCANO_TWIN3, allowed services: found CINEMA; wanted: one of AGRICULTURE, GEOLOGICAL, RELIGION. |

  Scenario: The termination cancels what was scheduled
    Given an effective subscription to "Sport" on tucano
    And it was scheduled for 2999-02-01 that service "Sport" is stopped
    And it was scheduled for 2999-02-01 that the subscription is deactivated
    When the subscription is terminated
    Then the actions are:
      | action                  | state     | reason                    |
      | STOP_SERVICE            | CANCELLED | S0000000001 is CANCELLED. |
      | DEACTIVATE_SUBSCRIPTION | CANCELLED | S0000000001 is CANCELLED. |
      | TERMINATE_SUBSCRIPTION  | EXECUTED  |                           |

  Scenario: The end of a service cancels what was scheduled for it, and nothing else
    Given an effective subscription to "Sport" on tucano
    And "Cinema" was added on "TUCANO_MAIN"
    And it was scheduled for 2999-02-01 that service "Sport" is stopped
    And it was scheduled for 2999-02-01 that service "Cinema" is stopped
    And it was scheduled for 2999-02-01 that the subscription is deactivated
    When service "Sport" is removed
    Then the actions are:
      | action                  | state     | reason                                |
      | STOP_SERVICE            | CANCELLED | The service of S0000000001 has ended. |
      | STOP_SERVICE            | SCHEDULED |                                       |
      | DEACTIVATE_SUBSCRIPTION | SCHEDULED |                                       |
      | REMOVE_SERVICE          | EXECUTED  |                                       |

  Scenario: What was scheduled for a service that was swapped holds good when it comes back
    Given an effective subscription to "Sport" on tucano
    And it was scheduled for 2999-02-01 that service "Sport" is stopped
    And "Sport" was swapped for "Cinema"
    And service "Cinema" was swapped back
    When the maintenance runs on 2999-02-01
    Then the effects are:
      | tucano | -option Sport |

  Scenario: What is due comes in the order of its moments, whenever it was scheduled
    Given a deactivated subscription to "Sport" on tucano
    And it was scheduled for 2999-03-01 that the subscription is deactivated
    And it was scheduled for 2999-02-01 that the subscription is activated
    When the maintenance runs on 2999-04-01
    Then the subscription is NOT_EFFECTIVE
    And the effects are:
      | tucano | +option Sport |
      | tucano | -option Sport |
    And the actions are:
      | action                  | state    |
      | DEACTIVATE_SUBSCRIPTION | EXECUTED |
      | ACTIVATE_SUBSCRIPTION   | EXECUTED |

  Scenario: What ends by itself comes before what was scheduled for the same moment
    Given an effective subscription to "Sport" on tucano
    And the subscription was rested until 2999-02-01
    And it was scheduled for 2999-02-01 that the subscription is deactivated
    When the maintenance runs on 2999-02-01
    Then the subscription is NOT_EFFECTIVE
    And the actions are:
      | action                   | state    |
      | DEACTIVATE_SUBSCRIPTION  | EXECUTED |
      | END_SUBSCRIPTION_RESTING | EXECUTED |

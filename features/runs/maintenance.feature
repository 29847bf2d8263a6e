Feature: The maintenance run ends what has come to its end
  Limited states end at the beginning of their day, usage services with their windows. What is scheduled: actions for later.

  Scenario Outline: A limited state ends on its day
    Given <state> subscription to "Sport" on tucano
    And the subscription was <limited> until 2999-02-01
    When the maintenance runs on 2999-02-01
    Then the effects are:
      | tucano | <effect> |
    And the subscription is <then>
    And service "Sport" is <then>
    And the actions are:
      | action   | state    |
      | <action> | EXECUTED |

    Examples:
      | state        | limited                 | effect        | then          | action                      |
      | an effective | rested                  | +option Sport | EFFECTIVE     | END_SUBSCRIPTION_RESTING    |
      | a draft      | activated for a while   | -option Sport | NOT_EFFECTIVE | END_SHORT_TERM_ACTIVATION   |
      | an effective | deactivated for a while | +option Sport | EFFECTIVE     | END_SHORT_TERM_DEACTIVATION |

  Scenario Outline: And not on the day before
    Given <state> subscription to "Sport" on tucano
    And the subscription was <limited> until 2999-02-01
    When the maintenance runs on 2999-01-31T23:50:00Z
    Then there are no effects
    And tucano receives nothing
    And the subscription is <still>

    Examples:
      | state        | limited                 | still                    |
      | an effective | rested                  | IN_RESTING               |
      | a draft      | activated for a while   | SHORT_TERM_EFFECTIVE     |
      | an effective | deactivated for a while | SHORT_TERM_NOT_EFFECTIVE |

  Scenario: A run that comes late makes up for what it missed
    Given an effective subscription to "Sport" on tucano
    And the subscription was rested until 2999-02-01
    When the maintenance runs on 2999-05-01
    Then the effects are:
      | tucano | +option Sport |

  Scenario: What was ended by hand is not ended again
    Given an effective subscription to "Sport" on tucano
    And the subscription was rested until 2999-02-01
    And the subscription was woken from resting
    When the maintenance runs on 2999-02-01
    Then there are no effects
    And tucano receives nothing
    And the subscription is EFFECTIVE

  Scenario: A second run finds nothing to do
    Given an effective subscription to "Sport" on tucano
    And the subscription was rested until 2999-02-01
    And the maintenance ran on 2999-02-01
    When the maintenance runs on 2999-02-01
    Then there are no effects
    And tucano receives nothing

  Scenario: A usage service goes off at the platform by itself, and is over here
    Given an effective subscription to "Sport" on tucano
    And "Premiere" was ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "TUCANO_MAIN"
    When the maintenance runs on 2999-01-02T02:00:00Z
    Then tucano receives nothing
    And there are no effects
    And service "Premiere" is CANCELLED
    And the subscription is in sync
    And tucano holds what it should

  Scenario: Before its window is over, it stays
    Given an effective subscription to "Sport" on tucano
    And "Premiere" was ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "TUCANO_MAIN"
    When the maintenance runs on 2999-01-02T01:50:00Z
    Then there are no effects
    And service "Premiere" is EFFECTIVE
    And tucano holds what it should

  Scenario: It is not over before its window is, not by hand either
    Given an effective subscription to "Sport" on tucano
    And "Premiere" was ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "TUCANO_MAIN"
    When service "Premiere" is over
    Then the action is refused: "Service PREMIERE lasts until 2999-01-02T02:00:00Z; one whose window is over is wanted."
    And there are no effects

  Scenario: Of two orders of one service, the second is given when the first is over
    Given an effective subscription to "Sport" on tucano
    And "Premiere" was ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "TUCANO_MAIN"
    And "Premiere" was ordered from 2999-01-08T20:00:00Z to 2999-01-09T02:00:00Z on "TUCANO_MAIN"
    When the maintenance runs on 2999-01-03
    Then the effects are:
      | tucano | +option Premiere 2999-01-08T20:00:00Z/2999-01-09T02:00:00Z |
    And the subscription is in sync

  Scenario: A usage service is over while its subscription rests, too
    Given an effective subscription to "Sport" on tucano
    And "Premiere" was ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "TUCANO_MAIN"
    And the subscription was rested until 2999-02-01
    When the maintenance runs on 2999-02-01
    Then the effects are:
      | tucano | +option Sport |
    And service "Premiere" is CANCELLED

  Scenario: What ends while the platform is down has ended, and the reset makes the platform follow
    Given an effective subscription to "Sport" on tucano
    And the subscription was rested until 2999-02-01
    And tucano is down
    And the maintenance ran on 2999-02-01
    When the trouble is over and the subscription is reset
    Then the effects are:
      | tucano | +option Sport |
    And the subscription is EFFECTIVE
    And the subscription is in sync

Feature: Actions on the subscription as a whole, and their effects on Tucano

  Scenario: A draft is not provisioned
    When someone subscribes to "Sport" on tucano as a draft
    Then there are no effects
    And tucano receives nothing
    And the subscription is DRAFT

  Scenario: Become a subscriber at once
    When someone subscribes to "Sport" on tucano
    Then the effects are:
      | tucano | +account T100001 |
      | tucano | +material STB-1  |
      | tucano | +option Sport    |
    And the subscription is EFFECTIVE
    And the subscription is in sync

  Scenario: Activate a draft
    Given a draft subscription to "Sport" on tucano
    When the subscription is activated
    Then the effects are:
      | tucano | +account T100001 |
      | tucano | +material STB-1  |
      | tucano | +option Sport    |
    And the subscription is EFFECTIVE

  Scenario: Deactivate keeps the material
    Given an effective subscription to "Sport" on tucano
    When the subscription is deactivated
    Then the effects are:
      | tucano | -option Sport |
    And the subscription is NOT_EFFECTIVE
    And service "Sport" is NOT_EFFECTIVE

  Scenario: Activate again
    Given a deactivated subscription to "Sport" on tucano
    When the subscription is activated
    Then the effects are:
      | tucano | +option Sport |

  Scenario Outline: Terminate, by cancelling or by regretting
    Given an effective subscription to "Sport" on tucano
    When the subscription is <verb>
    Then the effects are:
      | tucano | -material STB-1 |
      | tucano | -option Sport   |
    And the subscription is <state>
    And service "Sport" is <state>

    Examples:
      | verb       | state     |
      | terminated | CANCELLED |
      | regretted  | REGRETTED |

  Scenario: Rest
    Given an effective subscription to "Sport" on tucano
    When the subscription is rested
    Then the effects are:
      | tucano | -option Sport |
    And service "Sport" is IN_RESTING

  Scenario: End of resting
    Given a resting subscription to "Sport" on tucano
    When the subscription is woken from resting
    Then the effects are:
      | tucano | +option Sport |
    And the subscription is EFFECTIVE

  Scenario: Activate for a while
    Given a draft subscription to "Sport" on tucano
    When the subscription is activated for a while
    Then the effects are:
      | tucano | +account T100001 |
      | tucano | +material STB-1  |
      | tucano | +option Sport    |
    And the subscription is SHORT_TERM_EFFECTIVE

  Scenario: End of a short-term activation
    Given a short-term effective subscription to "Sport" on tucano
    When the subscription is no longer active for a while
    Then the effects are:
      | tucano | -option Sport |
    And the subscription is NOT_EFFECTIVE

  Scenario: Deactivate for a while
    Given an effective subscription to "Sport" on tucano
    When the subscription is deactivated for a while
    Then the effects are:
      | tucano | -option Sport |
    And the subscription is SHORT_TERM_NOT_EFFECTIVE

  Scenario: End of a short-term deactivation
    Given a short-term deactivated subscription to "Sport" on tucano
    When the subscription is no longer deactivated for a while
    Then the effects are:
      | tucano | +option Sport |
    And the subscription is EFFECTIVE

  Scenario: An action that the state does not allow changes nothing
    Given a terminated subscription to "Sport" on tucano
    When the subscription is activated
    Then the action is refused: "ACTIVATE_SUBSCRIPTION is not allowed: S0000000001 is CANCELLED; wanted: DRAFT or NOT_EFFECTIVE."
    And there are no effects
    And the subscription is CANCELLED

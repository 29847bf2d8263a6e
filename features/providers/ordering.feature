Feature: A subscriber orders at Tucano
  The engine authenticates him, here and at the platform, and gives him a token; the platform takes the order with it.

  Scenario: With his identifier and pass code
    Given an effective subscription to "Sport" on tucano
    And the subscriber has the identifier "ada" and the pass code "4711"
    When someone with the identifier "ada" and the pass code "4711" orders "MOVIE-1"
    Then tucano receives exactly:
      | command     | content |
      | GET_ACCOUNT |         |
      | ORDER       | MOVIE-1 |
    And the effects are:
      | tucano | +order MOVIE-1 |

  Scenario: With another pass code
    Given an effective subscription to "Sport" on tucano
    And the subscriber has the identifier "ada" and the pass code "4711"
    When someone with the identifier "ada" and the pass code "4712" orders "MOVIE-1"
    Then the action is refused: "The access token is not known, or its pass code is another."
    And tucano receives nothing

  Scenario: While the subscription is off
    Given a deactivated subscription to "Sport" on tucano
    And the subscriber has the identifier "ada" and the pass code "4711"
    When someone with the identifier "ada" and the pass code "4711" orders "MOVIE-1"
    Then the action is refused: "S0000000001 is NOT_EFFECTIVE; wanted: EFFECTIVE or SHORT_TERM_EFFECTIVE."
    And tucano receives nothing

  @expects_refusals
  Scenario Outline: With a token that is no good any more
    Given an effective subscription to "Sport" on tucano
    And the subscriber has the identifier "ada" and the pass code "4711"
    When someone with the identifier "ada" and the pass code "4711" orders "MOVIE-1" <how>
    Then there are no effects

    Examples:
      | how                           |
      | an hour later                 |
      | with a token that was changed |

  @expects_refusals
  Scenario: When the platform has forgotten the account
    Given an effective subscription to "Sport" on tucano
    And the subscriber has the identifier "ada" and the pass code "4711"
    And tucano has forgotten the account
    When someone with the identifier "ada" and the pass code "4711" orders "MOVIE-1"
    Then the action is refused: "tucano does not know account T100001: UNKNOWN_ACCOUNT; reset the subscription."
    And there are no effects

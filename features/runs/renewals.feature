@files
Feature: Authorisations at Conax end by themselves, and are renewed before
  The demo operator's last two months and are renewed after one: what was authorised on 2999-01-01 ends with 2999-03-01.

  Scenario: Before its day nothing is renewed
    Given an effective subscription to "Sport" on conax
    When the processing runs on 2999-01-31T23:59:00Z
    Then there are no effects
    And conax receives nothing

  Scenario: On its day it is renewed for two months more
    Given an effective subscription to "Sport" on conax
    When the processing runs on 2999-02-01
    Then conax receives exactly:
      | command           | product | cards  | start                | end                  |
      | ADD_SUBSCRIPTIONS | Sport   | CARD-1 | 2999-02-01T00:00:00Z | 2999-04-01T23:59:00Z |
    And the effects are:
      | conax | -product Sport until 2999-03-01 |
      | conax | +product Sport until 2999-04-01 |
    And the requests are:
      | type                | life_cycle_state | file     |
      | RENEW_SUBSCRIPTIONS | PENDING          | ps000003 |

  Scenario: Cards that are renewed on one day share a file, whenever they began that day
    Given an effective subscription to "Sport" on conax
    And somebody else has an effective subscription to "Sport" on conax
    When the processing runs on 2999-02-01
    Then conax receives exactly:
      | command           | product | cards          |
      | ADD_SUBSCRIPTIONS | Sport   | CARD-1, CARD-2 |

  Scenario: What awaits its answer is not renewed again
    Given an effective subscription to "Sport" on conax
    And the processing ran on 2999-02-01
    When the processing runs on 2999-02-02
    Then conax receives nothing

  Scenario: What was stopped is not renewed, but cancelled
    Given an effective subscription to "Sport" on conax
    And service "Sport" was stopped
    When the processing runs on 2999-02-01
    Then conax receives exactly:
      | command              | product |
      | CANCEL_SUBSCRIPTIONS | Sport   |

  Scenario Outline: At the ends of months, and in leap years
    Given a new subscription to "Sport" on conax
    And the processing ran on <begun>
    And the error handling ran
    When the processing runs on <renewed>
    Then the effects are:
      | conax | -product Sport until <until> |
      | conax | +product Sport until <end>   |

    Examples:
      | begun      | renewed    | until      | end        |
      | 2999-01-31 | 2999-02-28 | 2999-03-31 | 2999-04-28 |
      | 2999-12-31 | 3000-01-31 | 3000-02-28 | 3000-03-31 |
      | 3004-01-31 | 3004-02-29 | 3004-03-31 | 3004-04-29 |
      | 3004-02-29 | 3004-03-31 | 3004-04-29 | 3004-05-31 |

  Scenario Outline: On the day before it is too soon
    Given a new subscription to "Sport" on conax
    And the processing ran on <begun>
    And the error handling ran
    When the processing runs on <before>
    Then conax receives nothing

    Examples:
      | begun      | before     |
      | 2999-01-31 | 2999-02-27 |
      | 3004-01-31 | 3004-02-28 |

  Scenario: A run that comes three weeks late leaves no gap
    Given an effective subscription to "Sport" on conax
    When the processing runs on 2999-02-22
    Then the effects are:
      | conax | -product Sport until 2999-03-01 |
      | conax | +product Sport until 2999-04-22 |

  Scenario: A year of renewals, month by month
    Given an effective subscription to "Sport" on conax
    And the processing ran on 2999-02-01
    And the error handling ran
    And the processing ran on 2999-03-01
    And the error handling ran
    And the processing ran on 2999-04-01
    And the error handling ran
    And the processing ran on 2999-05-01
    And the error handling ran
    And the processing ran on 2999-06-01
    And the error handling ran
    And the processing ran on 2999-07-01
    And the error handling ran
    And the processing ran on 2999-08-01
    And the error handling ran
    And the processing ran on 2999-09-01
    And the error handling ran
    And the processing ran on 2999-10-01
    And the error handling ran
    And the processing ran on 2999-11-01
    And the error handling ran
    And the processing ran on 2999-12-01
    And the error handling ran
    When the processing runs on 3000-01-01
    Then the effects are:
      | conax | -product Sport until 3000-02-01 |
      | conax | +product Sport until 3000-03-01 |
    And conax holds what it should

  Scenario: What has ended is not renewed but authorised anew
    Given an effective subscription to "Sport" on conax
    When the processing runs on 2999-03-02
    Then the effects are:
      | conax | +product Sport until 2999-05-02 |
    And the requests are:
      | type              | life_cycle_state |
      | ADD_SUBSCRIPTIONS | PENDING          |

  @expects_refusals
  Scenario: A renewal that was refused takes nothing away, and is asked for again
    Given an effective subscription to "Sport" on conax
    And conax refuses a file with ERR_DATES
    And the processing ran on 2999-02-01
    And the error handling ran
    When the processing runs on 2999-02-02
    Then the effects are:
      | conax | -product Sport until 2999-03-01 |
      | conax | +product Sport until 2999-04-02 |
    And the requests are:
      | type                | life_cycle_state |
      | RENEW_SUBSCRIPTIONS | PENDING          |

  Scenario: Rights that end on the day of their renewal are renewed in time by a run of that day
    Given the operator's files also say:
      """
      [[providers]]
      code = "conax"
      operations = { add_end_period_months = "1" }
      """
    And an effective subscription to "Sport" on conax
    When the processing runs on 2999-02-01
    Then the effects are:
      | conax | -product Sport until 2999-02-01 |
      | conax | +product Sport until 2999-04-01 |

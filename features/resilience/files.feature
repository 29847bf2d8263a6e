@files
Feature: Whatever breaks on the way of a file, it arrives once

  Scenario Outline: What is over when the engine tries again is not noticed
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And conax <fault> 1 time
    When the processing runs
    Then conax receives exactly:
      | command           | transaction | product | cards  |
      | ADD_SUBSCRIPTIONS | 000003      | Cinema  | CARD-1 |
    And the requests are:
      | type              | life_cycle_state | file     |
      | ADD_SUBSCRIPTIONS | PENDING          | ps000003 |

    Examples:
      | fault                         |
      | refuses the login             |
      | breaks the upload off         |
      | keeps half a file             |
      | is full                       |
      | refuses the rename            |
      | loses the reply to the rename |

  Scenario Outline: What lasts longer leaves the file for the next run
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And conax <fault>
    And the processing ran
    When the trouble is over and the processing runs
    Then conax receives exactly:
      | command           | transaction | product | cards  |
      | ADD_SUBSCRIPTIONS | 000003      | Cinema  | CARD-1 |
    And the effects are:
      | conax | +product Cinema until 2999-03-01 |

    Examples:
      | fault                 |
      | is down               |
      | refuses the login     |
      | breaks the upload off |
      | keeps half a file     |
      | is full               |
      | refuses the rename    |

  Scenario: While it lasts, nothing is lost and nothing is taken for done
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And conax is down
    When the processing runs
    Then there are no effects
    And the requests are:
      | type              | life_cycle_state | file |
      | ADD_SUBSCRIPTIONS | PENDING          |      |
    And the subscription is out of sync

  Scenario: A message whose renaming was not answered is not shown twice
    Given an effective subscription to "Sport" on conax
    And conax loses the reply to the rename 1 time
    When the bark "Back at noon" is sent to "CARD-1"
    Then the effects are:
      | conax | +screen Back at noon |

  Scenario: An answer that never comes is waited for, and what was asked for is not asked for again
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And conax gives no answer
    And the processing ran
    And the error handling ran on 2999-01-03
    When the processing runs
    Then conax receives nothing
    And the subscription is out of sync

  Scenario: An answer that comes twice changes nothing the second time
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And conax answers twice
    And the processing ran
    And the error handling ran
    And service "Cinema" was stopped
    And the processing ran
    And the error handling ran
    When the error handling runs
    Then there are no effects
    And the subscription is in sync
    And conax holds what it should

  @expects_refusals
  Scenario: Entries of others say nothing about our files
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And conax has foreign entries among its errors
    And the processing ran
    When the error handling runs
    Then the requests are:
      | type              | life_cycle_state |
      | ADD_SUBSCRIPTIONS | COMPLETED        |

  @expects_refusals
  Scenario: A refusal of which only a half is written yet is not guessed
    Given the operator's files also say:
      """
      [[providers]]
      code = "conax"
      [[providers.services]]
      product = "CINEMA"
      ca_id = "19999999"
      """
    And an effective subscription to "Sport" on conax
    And conax writes half an entry
    And the authorisation "Cinema" was sent to "CARD-1"
    When the error handling runs
    Then the requests are:
      | type              | life_cycle_state |
      | ADD_SUBSCRIPTIONS | PENDING          |

  Scenario Outline: An engine that is killed leaves nothing out, and does nothing twice
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And the engine will be killed <when>
    And the processing ran
    And the engine was started again
    And the processing ran on 2999-01-01T01:00:00Z
    When the error handling runs
    Then the requests are:
      | type              | life_cycle_state | file     |
      | ADD_SUBSCRIPTIONS | COMPLETED        | ps000003 |
    And the subscription is in sync
    And conax holds what it should

    Examples:
      | when              |
      | before sending    |
      | before renaming   |
      | before the answer |

  Scenario Outline: So does one that is killed over an answer
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And the processing ran
    And the engine will be killed <when>
    And the error handling ran
    And the engine was started again
    When the error handling runs on 2999-01-01T01:00:00Z
    Then the subscription is in sync
    And conax holds what it should

    Examples:
      | when                       |
      | before removing the answer |
      | after removing the answer  |

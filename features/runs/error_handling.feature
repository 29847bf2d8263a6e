@files
Feature: The error handling takes down what has become of files

  Scenario: What was taken is completed, with the number of its file
    Given a new subscription to "Sport" on conax
    And the processing ran on 2999-01-01
    When the error handling runs
    Then conax receives nothing
    And the requests are:
      | type              | life_cycle_state | request      | response | reference_number |
      | CREATE_PAIRING    | COMPLETED        | vp000001.emm | ok       | 000001           |
      | ADD_SUBSCRIPTIONS | COMPLETED        | ps000002.emm | ok       | 000002           |
    And the subscription is in sync
    And conax holds what it should

  @expects_refusals
  Scenario: What was refused is rejected, in the platform's words, and is missing again
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And conax refuses a file with ERR_PRODUCT
    And the processing ran
    When the error handling runs
    Then the requests are:
      | type              | life_cycle_state | response      | error_code  | in_doubt |
      | ADD_SUBSCRIPTIONS | REJECTED         | ERR_PRODUCT 3 | ERR_PRODUCT | False    |
    And the subscription is out of sync

  @expects_refusals
  Scenario: It is asked for again by the next run
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And conax refuses a file with ERR_PRODUCT
    And the processing ran
    And the error handling ran
    When the processing runs
    Then the effects are:
      | conax | +product Cinema until 2999-03-01 |

  @expects_refusals
  Scenario: What could not be cancelled is still authorised, and is cancelled by the next run
    Given an effective subscription to "Sport" on conax
    And service "Sport" was stopped
    And conax refuses a file with ERR_DATES
    And the processing ran
    And the error handling ran
    When the processing runs
    Then the effects are:
      | conax | -product Sport until 2999-03-01 |

  @expects_refusals
  Scenario: A pair that was refused is no pair, and is asked for again
    Given a new subscription to "Sport" on conax
    And conax refuses a file of CREATE_PAIRING with ERR_CARDNUM
    And the processing ran on 2999-01-01
    And the error handling ran
    When the processing runs
    Then the effects are:
      | conax | +paired STB-1 |

  @expects_refusals
  Scenario: A message that was refused is not sent again by itself
    Given an effective subscription to "Sport" on conax
    And conax refuses a file with ERR_CARDNUM
    And the mail "Good morning" was sent to "CARD-1"
    And the error handling ran
    When the processing runs
    Then conax receives nothing
    And the subscription is in sync

  Scenario: What is not answered yet stays PENDING
    Given a new subscription to "Sport" on conax
    And conax answers an hour late
    And the processing ran on 2999-01-01
    When the error handling runs on 2999-01-01T00:59:00Z
    Then the requests are:
      | type              | life_cycle_state |
      | CREATE_PAIRING    | PENDING          |
      | ADD_SUBSCRIPTIONS | PENDING          |

  Scenario: A late answer is found when it has come
    Given a new subscription to "Sport" on conax
    And conax answers an hour late
    And the processing ran on 2999-01-01
    And the error handling ran on 2999-01-01T00:59:00Z
    When the error handling runs on 2999-01-01T01:01:00Z
    Then the requests are:
      | type              | life_cycle_state |
      | CREATE_PAIRING    | COMPLETED        |
      | ADD_SUBSCRIPTIONS | COMPLETED        |
    And the subscription is in sync

  Scenario: What is given again waits for the answer to what took it
    Given an effective subscription to "Sport" on conax
    And conax answers an hour late
    And service "Sport" was stopped
    And the processing ran
    And service "Sport" was started
    When the processing runs
    Then conax receives nothing
    And the requests are:
      | type                 | life_cycle_state | file     |
      | CANCEL_SUBSCRIPTIONS | PENDING          | cs000003 |
      | ADD_SUBSCRIPTIONS    | PENDING          |          |

  Scenario: It is given by the first run after that answer
    Given an effective subscription to "Sport" on conax
    And conax answers an hour late 1 time
    And service "Sport" was stopped
    And the processing ran
    And service "Sport" was started
    And the processing ran
    And the error handling ran on 2999-01-01T02:00:00Z
    When the processing runs
    Then the effects are:
      | conax | +product Sport until 2999-03-01 |

  Scenario: A second run finds nothing to do
    Given an effective subscription to "Sport" on conax
    When the error handling runs
    Then there are no effects
    And the subscription is in sync

Feature: The audit asks platforms what they hold, and the next reset makes good what differs

  Scenario Outline: What a platform has forgotten is found, and nothing is changed there
    Given an effective subscription to "Sport" on <platform>
    And "Cinema" was added on "<place>"
    And <platform> has forgotten <what>
    When the audit runs
    Then there are no effects
    And the differences are:
      | provider   | difference    | thing   |
      | <platform> | MISSING_THERE | <thing> |
    And the subscription is out of sync

    Examples:
      | platform | place        | what               | thing                             |
      | tucano   | TUCANO_MAIN  | "Cinema"           | option OPT_CINEMA                 |
      | tucano   | TUCANO_MAIN  | "STB-1"            | material STB-1                    |
      | icareus  | ICAREUS_MAIN | "Cinema"           | product SVOD_CINEMA               |
      | irdeto   | IRDETO_MAIN  | "Sport" of "STB-1" | entitlement CA_SPORT on STB-1     |

  @expects_refusals
  Scenario Outline: So is an account or a box that is there no more, with all that was on it
    Given an effective subscription to "Sport" on <platform>
    And <platform> has forgotten <what>
    When the audit runs
    Then the differences are:
      | provider   | difference    | thing     |
      | <platform> | <itself>      | <whole>   |
      | <platform> | MISSING_THERE | <device>  |
      | <platform> | MISSING_THERE | <service> |
    And the subscription is out of sync

    Examples:
      | platform | what        | itself          | whole        | device                 | service                       |
      | tucano   | the account | ACCOUNT_UNKNOWN | account      | material STB-1         | option OPT_SPORT              |
      | icareus  | the account | ACCOUNT_UNKNOWN | account      | device STB-1           | product SVOD_SPORT            |
      | irdeto   | "STB-1"     | DEVICE_UNKNOWN  | client STB-1 | paired CARD-1 on STB-1 | entitlement CA_SPORT on STB-1 |

  Scenario Outline: After the audit one reset makes good what was forgotten
    Given an effective subscription to "Sport" on <platform>
    And "Cinema" was added on "<place>"
    And <platform> has forgotten <what>
    And the audit ran
    When the reset runs
    Then the effects are:
      | <platform> | <effect> |
    And the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform | place        | what               | effect             |
      | tucano   | TUCANO_MAIN  | "Cinema"           | +option Cinema     |
      | icareus  | ICAREUS_MAIN | "STB-1"            | +device STB-1      |
      | irdeto   | IRDETO_MAIN  | "Sport" of "STB-1" | +entitlement Sport |

  Scenario: What a platform has too much is found, and still there after the audit
    Given an effective subscription to "Sport" on tucano
    And "Cinema" was added on "TUCANO_MAIN"
    And tucano has kept its memory
    And service "Cinema" was removed
    And tucano is back at the memory that it kept
    When the audit runs
    Then there are no effects
    And the differences are:
      | difference  | thing             | believed | found |
      | EXTRA_THERE | option OPT_CINEMA |          | held  |
    And the subscription is out of sync

  Scenario Outline: What a platform has again that was taken away is found, and the reset takes it away once more
    Given an effective subscription to "Sport" on <platform>
    And "Cinema" was added on "<place>"
    And <platform> has kept its memory
    And service "Cinema" was removed
    And <platform> is back at the memory that it kept
    And the audit ran
    When the reset runs
    Then the effects are:
      | <platform> | -<right> Cinema |
    And the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform | place        | right       |
      | tucano   | TUCANO_MAIN  | option      |
      | icareus  | ICAREUS_MAIN | product     |
      | irdeto   | IRDETO_MAIN  | entitlement |

  @expects_refusals
  Scenario Outline: A platform that was restored from before anybody was there is filled again
    Given <platform> has kept its memory
    And an effective subscription to "Sport" on <platform>
    And <platform> is back at the memory that it kept
    And the audit ran
    When the reset runs
    Then the effects are:
      | <platform> | <itself>       |
      | <platform> | <box>          |
      | <platform> | +<right> Sport |
    And the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform | itself                           | box             | right       |
      | tucano   | +account T100001                 | +material STB-1 | option      |
      | icareus  | +account 200001                  | +device STB-1   | product     |
      | irdeto   | +client STB-1 sector IRDETO_MAIN | +paired CARD-1  | entitlement |

  @expects_refusals
  Scenario: Whose account was lost and has gone to somebody else gets one of his own, and the other keeps his
    Given tucano has kept its memory
    And an effective subscription to "Sport" on tucano
    And tucano is back at the memory that it kept
    And somebody else has an effective subscription to "Cinema" on tucano
    And the audit ran
    When the reset runs
    Then the effects are:
      | tucano | +account T100002 |
      | tucano | +material STB-1  |
      | tucano | +option Sport    |
    And the subscription is in sync

  Scenario: Where nothing differs, nothing is found
    Given an effective subscription to "Sport" on irdeto
    When the audit runs
    Then there are no differences
    And there are no effects
    And the subscription is in sync

  @expects_refusals
  Scenario: An answer that was lost is no longer in doubt: what the platform says is so
    Given an effective subscription to "Sport" on tucano
    And tucano loses the reply 3 times
    And "Cinema" was added on "TUCANO_MAIN"
    When the subscription is audited
    Then there are no differences
    And the subscription is in sync
    And tucano holds what it should

  Scenario: A platform that does not answer changes nothing that is believed
    Given an effective subscription to "Sport" on tucano
    And tucano is down
    When the audit runs
    Then there are no differences
    And the subscription is in sync

  @files
  Scenario: A card at Conax is asked in a file, and what differs is found with the answer
    Given an effective subscription to "Sport" on conax
    And conax has forgotten "Sport" of "CARD-1"
    And the audit ran
    When the error handling runs
    Then the differences are:
      | provider | difference    | thing                            |
      | conax    | MISSING_THERE | product 10001005 on 010000000011 |
    And the subscription is out of sync

  @files
  Scenario: The processing after the audit adds what is missing
    Given an effective subscription to "Sport" on conax
    And conax has forgotten "Sport" of "CARD-1"
    And the audit ran
    And the error handling ran
    When the processing runs
    Then the effects are:
      | conax | +product Sport until 2999-03-01 |

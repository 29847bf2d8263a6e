Feature: A platform that was restored from an old copy of its memory

  Scenario: The engine knows nothing of it, and a reset finds nothing to send
    Given an effective subscription to "Sport" on tucano
    And tucano has kept its memory
    And "Cinema" was added on "TUCANO_MAIN"
    And tucano is back at the memory that it kept
    When the subscription is reset
    Then tucano receives nothing
    And the subscription is in sync
    And tucano holds something else than it should

  @expects_refusals
  Scenario Outline: Who is not there at all is refused, and a reset rebuilds all of it
    Given <platform> has kept its memory
    And an effective subscription to "Sport" on <platform>
    And <platform> is back at the memory that it kept
    And "Cinema" was added on "<place>"
    When the subscription is reset
    Then the effects are:
      | <platform> | <itself>        |
      | <platform> | <box>           |
      | <platform> | +<right> Sport  |
      | <platform> | +<right> Cinema |
    And the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform | place        | itself                          | box             | right       |
      | tucano   | TUCANO_MAIN  | +account T100001                | +material STB-1 | option      |
      | icareus  | ICAREUS_MAIN | +account 200001                 | +device STB-1   | product     |
      | irdeto   | IRDETO_MAIN  | +client STB-1 sector IRDETO_MAIN | +paired CARD-1 | entitlement |

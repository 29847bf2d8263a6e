Feature: Four places to watch, each with its own choice and its own rules
  Who watches on a TWIN of the demo operator's watches on Main, too. TWIN1 and TWIN2 take three services each; on TWIN3,
  for children, there are Geological, Agriculture and Religion only.

  Scenario Outline: Each place has its own choice
    Given an effective subscription to "Sport" on tucano
    When "<service>" is added on "<place>"
    Then the effects are:
      | tucano | +option <service> |

    Examples:
      | service    | place        |
      | Cinema     | TUCANO_MAIN  |
      | Cinema     | TUCANO_TWIN1 |
      | Entertain  | TUCANO_TWIN2 |
      | Geological | TUCANO_TWIN3 |

  Scenario: Each place has its own box, and all of them are one account
    Given an effective subscription to "Sport" on tucano
    And "Cinema" was added on "TUCANO_TWIN1"
    And STB "STB-2" was added on "TUCANO_TWIN1"
    And "Entertain" was added on "TUCANO_TWIN2"
    And STB "STB-3" was added on "TUCANO_TWIN2"
    And "Religion" was added on "TUCANO_TWIN3"
    And STB "STB-4" was added on "TUCANO_TWIN3"
    When the subscription is terminated
    Then the effects are:
      | tucano | -material STB-1   |
      | tucano | -material STB-2   |
      | tucano | -material STB-3   |
      | tucano | -material STB-4   |
      | tucano | -option Sport     |
      | tucano | -option Cinema    |
      | tucano | -option Entertain |
      | tucano | -option Religion  |

  Scenario: A service that another place has is not taken away
    Given an effective subscription to "Sport" on tucano
    And service "Sport" was put on "TUCANO_TWIN1"
    When service "Sport" is taken off "TUCANO_MAIN"
    Then there are no effects
    And the subscription is in sync

  Scenario: A place that needs another one is not left alone
    Given an effective subscription to "Sport" on tucano
    And service "Sport" was put on "TUCANO_TWIN1"
    And STB "STB-1" was taken off "TUCANO_MAIN"
    When service "Sport" is taken off "TUCANO_MAIN"
    Then the action is refused: "TUCANO_TWIN1, required distributor: found nothing on TUCANO_MAIN; wanted: TUCANO_MAIN in use."
    And tucano receives nothing
    And the subscription is in sync

  Scenario: A device is enough for a place to be in use
    Given an effective subscription to "Sport" on tucano
    And "Cinema" was added on "TUCANO_TWIN1"
    When service "Sport" is removed
    Then the effects are:
      | tucano | -option Sport |

  Scenario: A place takes no more services than it may
    Given an effective subscription to "Sport" on tucano
    And "Flexible Bundle A" of "Geological, Entertain" was added on "TUCANO_TWIN1"
    And "Cinema" was added on "TUCANO_TWIN1"
    When service "Sport" is put on "TUCANO_TWIN1"
    Then the action is refused: "TUCANO_TWIN1, restriction: found 4 services (CINEMA, ENTERTAIN, GEOLOGICAL, SPORT); wanted: at most 3 services."
    And tucano receives nothing

  Scenario Outline: Only what is allowed on a place comes there, alone or in a bundle
    Given an effective subscription to "Sport" on tucano
    When <what> is added on "<place>"
    Then the action is refused: "<place>, allowed services: found <found>; wanted: one of <wanted>."
    And tucano receives nothing

    Examples: A list of services
      | what                                           | place        | found     | wanted                            |
      | "Cinema"                                       | TUCANO_TWIN3 | CINEMA    | AGRICULTURE, GEOLOGICAL, RELIGION |
      | "Flexible Bundle A" of "Geological, Entertain" | TUCANO_TWIN3 | ENTERTAIN | AGRICULTURE, GEOLOGICAL, RELIGION |

    Examples: All that the platform knows
      | what            | place       | found         | wanted                                                                                           |
      | "Paper Invoice" | TUCANO_MAIN | PAPER_INVOICE | AGRICULTURE, BOXING_NIGHT, CINEMA, ENTERTAIN, FAMILY_PACK, GEOLOGICAL, PREMIERE, RELIGION, SPORT |

  Scenario: Every rule that is broken is named
    Given an effective subscription to "Sport" on tucano
    And STB "STB-1" was taken off "TUCANO_MAIN"
    And service "Sport" was taken off "TUCANO_MAIN"
    When "Cinema" is added on "TUCANO_TWIN3"
    Then the action is refused: "TUCANO_TWIN3, allowed services: found CINEMA; wanted: one of AGRICULTURE, GEOLOGICAL, RELIGION. TUCANO_TWIN3, required distributor: found nothing on TUCANO_MAIN; wanted: TUCANO_MAIN in use."
    And there are no effects

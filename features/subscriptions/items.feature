Feature: Actions on installed items and distribution, and their effects on Tucano

  Scenario: Add an item
    Given an effective subscription to "Sport" on tucano
    When STB "STB-2" is added on "TUCANO_TWIN1"
    Then the effects are:
      | tucano | +material STB-2 |

  Scenario: An item of a draft waits for the activation
    Given a draft subscription to "Sport" on tucano
    When STB "STB-2" is added on "TUCANO_TWIN1"
    Then there are no effects

  Scenario: Remove an item
    Given an effective subscription to "Sport" on tucano
    When STB "STB-1" is removed
    Then the effects are:
      | tucano | -material STB-1 |

  Scenario: Swap an item
    Given an effective subscription to "Sport" on tucano
    When STB "STB-1" is swapped for "STB-2"
    Then the effects are:
      | tucano | -material STB-1 |
      | tucano | +material STB-2 |

  Scenario: An item moves to another subscription of its owner's
    Given an effective subscription to "Sport" on tucano
    And the owner also has an effective subscription to "Cinema" on tucano
    When STB "STB-1" is moved to S0000000002
    Then the effects are:
      | tucano | -material STB-1 |
      | tucano | +material STB-1 |
    And the subscription is in sync

  Scenario: An item that moves can change its place as well
    Given an effective subscription to "Sport" on tucano
    And the owner also has an effective subscription to "Cinema" on tucano
    When STB "STB-1" is moved to S0000000002 on "TUCANO_TWIN2"
    Then the effects are:
      | tucano | -material STB-1 |
      | tucano | +material STB-1 |

  Scenario: An item that moves to a draft waits for its activation
    Given an effective subscription to "Sport" on tucano
    And the owner also has a draft subscription to "Cinema" on tucano
    When STB "STB-1" is moved to S0000000002
    Then the effects are:
      | tucano | -material STB-1 |

  Scenario Outline: An item does not move to where it can't be
    Given an effective subscription to "Sport" on tucano
    And <other> subscription to "Cinema" on tucano
    When STB "STB-1" is moved to <number>
    Then the action is refused: "<why>"
    And tucano receives nothing
    And the subscription is in sync

    Examples:
      | other                           | number      | why                                                                                                                                      |
      | somebody else has an effective  | S0000000002 | S0000000002 is owned by another than S0000000001; another one of this owner is wanted.                                                   |
      | the owner also has an effective | S0000000001 | S0000000001 is the same subscription; another one of this owner is wanted.                                                               |
      | the owner also has a terminated | S0000000002 | S0000000002 is CANCELLED; wanted: DRAFT or EFFECTIVE or IN_RESTING or NOT_EFFECTIVE or SHORT_TERM_EFFECTIVE or SHORT_TERM_NOT_EFFECTIVE. |
      | the owner also has an effective | S0000000003 | Unknown subscription 'S0000000003', perhaps S0000000002 was meant; known: S0000000001, S0000000002.                                      |

  Scenario: A service taken off its only distributor
    Given an effective subscription to "Sport" on tucano
    When service "Sport" is taken off "TUCANO_MAIN"
    Then the effects are:
      | tucano | -option Sport |

  Scenario: A service put on another distributor as well changes nothing on the account
    Given an effective subscription to "Sport" on tucano
    When service "Sport" is put on "TUCANO_TWIN1"
    Then there are no effects
    And the subscription is in sync

  Scenario: An item taken off its only distributor
    Given an effective subscription to "Sport" on tucano
    When STB "STB-1" is taken off "TUCANO_MAIN"
    Then the effects are:
      | tucano | -material STB-1 |

  Scenario: An unknown distributor is refused, and those that exist are named
    Given an effective subscription to "Sport" on tucano
    When STB "STB-2" is added on "TUCANO_ATTIC"
    Then the action is refused: "Unknown distributor 'TUCANO_ATTIC', perhaps TUCANO_MAIN was meant; known: CONAX_MAIN, CONAX_TWIN1, CONAX_TWIN2, CONAX_TWIN3, ICAREUS_MAIN, ICAREUS_TWIN1, IRDETO_MAIN, IRDETO_TWIN1, IRDETO_TWIN2, IRDETO_TWIN3, TUCANO_MAIN, TUCANO_TWIN1, TUCANO_TWIN2, TUCANO_TWIN3."
    And there are no effects

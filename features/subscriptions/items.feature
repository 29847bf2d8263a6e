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
    Then the action is refused: "Unknown distributor 'TUCANO_ATTIC', perhaps TUCANO_MAIN was meant; known: TUCANO_MAIN, TUCANO_TWIN1, TUCANO_TWIN2, TUCANO_TWIN3."
    And there are no effects

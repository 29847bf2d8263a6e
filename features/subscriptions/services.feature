Feature: Actions on services and bundles, and their effects on Tucano

  Scenario: Add a service
    Given an effective subscription to "Sport" on tucano
    When "Cinema" is added on "TUCANO_MAIN"
    Then the effects are:
      | tucano | +option Cinema |

  Scenario: A service added as a draft is started when it is wanted
    Given an effective subscription to "Sport" on tucano
    And "Cinema" was added as a draft on "TUCANO_MAIN"
    When service "Cinema" is started
    Then the effects are:
      | tucano | +option Cinema |

  Scenario: A service on no distributor is not provisioned
    Given an effective subscription to "Sport" on tucano
    When "Cinema" is added on ""
    Then there are no effects
    And service "Cinema" is EFFECTIVE

  Scenario: A service added while the subscription is off waits for it
    Given a deactivated subscription to "Sport" on tucano
    When "Cinema" is added on "TUCANO_MAIN"
    Then there are no effects
    And service "Cinema" is NOT_EFFECTIVE

  Scenario Outline: Remove a service
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on tucano
    When service "Flexible Bundle A" is <verb>
    Then the effects are:
      | tucano | -option Geological |
      | tucano | -option Entertain  |
    And service "Geological" is <state>

    Examples:
      | verb      | state     |
      | removed   | CANCELLED |
      | regretted | REGRETTED |

  Scenario: Stop a service
    Given an effective subscription to "Sport" on tucano
    And "Cinema" was added on "TUCANO_MAIN"
    When service "Cinema" is stopped
    Then the effects are:
      | tucano | -option Cinema |
    And the subscription is EFFECTIVE

  Scenario: The last service stopped takes the subscription along
    Given an effective subscription to "Sport" on tucano
    When service "Sport" is stopped
    Then the effects are:
      | tucano | -option Sport |
    And the subscription is NOT_EFFECTIVE

  Scenario: Start a service
    Given an effective subscription to "Sport" on tucano
    And service "Sport" was stopped
    When service "Sport" is started
    Then the effects are:
      | tucano | +option Sport |
    And the subscription is EFFECTIVE

  Scenario: Swap and regret the swap
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on tucano
    And "Flexible Bundle A" was swapped for "Agriculture"
    When service "Agriculture" is swapped back
    Then the effects are:
      | tucano | -option Agriculture |
      | tucano | +option Geological  |
      | tucano | +option Entertain   |
    And service "Agriculture" is REGRETTED
    And service "Entertain" is EFFECTIVE

  Scenario Outline: A swap tells its class by the tiers: a lower tier is a higher package
    Given an effective subscription to "Flexible Bundle A" of "Geological" on tucano
    When "Flexible Bundle A" is swapped for <product>
    Then the actions are:
      | action       | state    | swap_class |
      | SWAP_SERVICE | EXECUTED | <class>    |

    Examples:
      | product                             | class     |
      | "Flexible Bundle B" of "Geological" | upgrade   |
      | "Agriculture"                       | downgrade |
      | "Family Pack"                       | switch    |
      | "Sport"                             | switch    |

  Scenario: Amend a flexible bundle
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on tucano
    When "Flexible Bundle A" gains "Sport" and loses "Entertain"
    Then the effects are:
      | tucano | -option Entertain |
      | tucano | +option Sport     |
    And service "Entertain" is REMOVED

  Scenario: A component outside the composition is refused
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on tucano
    When "Flexible Bundle A" gains "Cinema" and loses ""
    Then the action is refused: "CINEMA not in the composition of FLEXIBLE_BUNDLE_A; allowed: GEOLOGICAL, ENTERTAIN, SPORT."
    And there are no effects

  Scenario: A usage service called off
    Given an effective subscription to "Sport" on tucano
    And "Premiere" was ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "TUCANO_MAIN"
    When service "Premiere" is called off
    Then the effects are:
      | tucano | -option Premiere 2999-01-01T20:00:00Z/2999-01-02T02:00:00Z |
    And service "Premiere" is CANCELLED

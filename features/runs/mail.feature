Feature: The mail run sends what was queued for subscribers

  Scenario: Each box of the subscription is sent the text
    Given an effective subscription to "Sport" on irdeto
    And STB "STB-2" was added on "IRDETO_TWIN1"
    And "Your invoice is there" was queued for CRM
    When the mail runs
    Then irdeto receives exactly:
      | command      | secureClient | type | text                  |
      | SEND_MESSAGE | STB-1        | MAIL | Your invoice is there |
      | SEND_MESSAGE | STB-2        | MAIL | Your invoice is there |

  Scenario: What was sent is not sent again
    Given an effective subscription to "Sport" on irdeto
    And "Your invoice is there" was queued for CRM
    And the mail ran
    When the mail runs
    Then irdeto receives nothing

  Scenario: What is queued for another system is left alone
    Given an effective subscription to "Sport" on irdeto
    And "Your invoice is there" was queued for WEB_SHOP
    When the mail runs
    Then irdeto receives nothing

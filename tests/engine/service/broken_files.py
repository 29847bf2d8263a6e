"""Configuration files with one thing wrong each, and what is said of it."""

PRODUCT = """
[[products]]
code = "OPERA"
name = "Opera"
"""
PROVIDER = """
[[providers]]
code = "radio"
name = "Radio"
protocol = "tucano"
[providers.connection]
end_point = "http://radio.test"
user_name = "us"
password = "secret"
"""
EFFECTIVE = PROVIDER.replace("protocol", "effective = true\nprotocol")
DISTRIBUTOR = '[[providers.distributors]]\ncode = "KITCHEN"\nname = "Kitchen"\n'
SERVICE = '[[providers.services]]\nproduct = "NEWS"\nca_id = "R_NEWS"\n'
HARDWARE = '[[providers.hardware]]\nproduct = "STB"\ntype = "set"\n'
ARCHIVE = '[[definitions]]\ncode = "OLD"\nname = "Old"\nkind = "archive"\n'
DEFINITION = '[[definitions]]\ncode = "NIGHT"\nname = "By night"\nkind = "maintenance"\n'
BUNDLE = PRODUCT + 'composition = "flexible_bundle"\n'


def setting(section, line):
    return f"{PROVIDER}[providers.{section}]\n{line}\n"


BROKEN = {
    # what is wrong: the file, and what is said of it after its name
    "no TOML": ("products = [\n\n  1 2\n]", r"not TOML: .*line 3"),
    "no UTF-8": (b'[[products]]\nname = "\xe9"', r"not TOML: 'utf-8' .* position 21"),
    "an unknown table": ("[[produkts]]\n", r"'produkts', perhaps products was meant"),
    "an unknown field": (PRODUCT + "nome = 1", r"'products\[0\].nome', perhaps name"),
    "an unknown field of a connection": (
        PROVIDER + "pasword = ''",
        r"providers\[radio\].connection: 'pasword' is unknown; known: end_point, user_name, password",
    ),
    "an unknown setting": (
        setting("retry", "tries = 3"),
        r"'providers\[0\].retry.tries'.*known: attempts, first_pause_s",
    ),
    "no table": ("products = 3", r"products: Expected `array`, got `int`"),
    "no list of tables": ("products = [3]", r"products\[0\]: Expected `object`, got `int`"),
    "a number for a text": (PRODUCT.replace('"Opera"', "1"), r"products\[0\].name: Expected `str`, got `int`"),
    "a text for a number": (PRODUCT + 'tier = "high"', r"products\[0\].tier: Expected `int \| null`, got `str`"),
    "a text for a truth": (
        EFFECTIVE.replace("true", '"perhaps"'),
        r"providers\[0\].effective: Expected `bool`, got `str`",
    ),
    "a list for a text": (
        PROVIDER.replace('"us"', '["us"]'),
        r"providers\[0\].connection.*: Expected `str`, got `array`",
    ),
    "an unknown word": (
        PRODUCT + 'composition = "loose"',
        r"products\[0\].composition: Unknown composition 'loose'; known: fixed_bundle, flat, flexible_bundle",
    ),
    "a field missing": ('[[products]]\ncode = "X"', r"products\[0\].name is wanted"),
    "a control character": (PRODUCT.replace("Op", "\\u0001"), r"products\[0\].name holds the control character"),
    "a long text": (PRODUCT.replace("Op", "x" * 200), r"products\[0\].name has 203 characters; at most 200"),
    "an empty code": (PRODUCT.replace('"OPERA"', '""'), r"products.code is empty"),
    "an empty name": (PRODUCT.replace('"Opera"', '""'), r"products.name is empty"),
    "an unknown component": (
        BUNDLE + 'components = ["OPER"]',
        r"products\[OPERA\].components: 'OPER' is no flat product; known: KIDS",
    ),
    "a bundle of itself": (
        BUNDLE + 'components = ["OPERA"]',
        r"products\[OPERA\].components: 'OPERA' is no flat product; known: KIDS",
    ),
    "a bundle of nothing": (BUNDLE, r"products\[OPERA\]: a flexible_bundle product has at least one component"),
    "components of no bundle": (
        PRODUCT + 'components = ["NEWS"]',
        r"products\[OPERA\]: a flat product has no components",
    ),
    "a choice that can't be met": (
        BUNDLE + 'components = ["NEWS"]\nminimum = 2',
        r"products\[OPERA\]: minimum 2 is wanted between 0 and the maximum 1",
    ),
    "an unknown protocol": (
        PROVIDER.replace('"tucano"', '"smoke"'),
        r"providers\[radio\].protocol: found 'smoke'; wanted: conax, icareus, .*tucano",
    ),
    "a connection parameter missing": (
        PROVIDER.replace('user_name = "us"', ""),
        r"providers\[radio\].connection: user_name is wanted",
    ),
    "a connection parameter empty": (
        PROVIDER.replace('"us"', '""'),
        r"providers\[radio\].connection.user_name is empty; a value is wanted, or no such line",
    ),
    "an unknown character set": (
        PROVIDER + 'character_set_encoding = "klingon"',
        r"character_set_encoding: found 'klingon'; wanted: a character set such as UTF-8",
    ),
    "a character set for no text": (
        PROVIDER + 'character_set_encoding = "base64"',
        r"character_set_encoding: found 'base64'; wanted: a character set",
    ),
    "no attempt": (setting("retry", "attempts = 0"), r"providers\[radio\].retry.attempts: found 0; wanted: 1 to 1000"),
    "a pause back in time": (
        setting("retry", "first_pause_s = -0.1"),
        r"retry.first_pause_s: found -0.1; wanted: 0.0 to 3600.0",
    ),
    "a pause without end": (setting("retry", "longest_pause_s = inf"), r"retry.longest_pause_s: found inf; wanted"),
    "a time that is no number": (setting("retry", "total_s = nan"), r"retry.total_s: found nan; wanted"),
    "no time to answer": (setting("timeouts", "read_s = 0"), r"timeouts.read_s: found 0.0; wanted: 0.001 to"),
    "no time to connect": (setting("timeouts", "connect_s = -1"), r"timeouts.connect_s: found -1.0; wanted"),
    "open without a failure": (setting("breaker", "failures = 0"), r"breaker.failures: found 0; wanted: 1 to"),
    "open for ever": (setting("breaker", "pause_s = 1e300"), r"breaker.pause_s: found 1e\+300; wanted"),
    "effective without a distributor": (
        EFFECTIVE + SERVICE,
        r"providers\[radio\].effective: found true with no distributor; wanted: at least one distributor and one",
    ),
    "effective without a mapping": (
        EFFECTIVE + DISTRIBUTOR,
        r"providers\[radio\].effective: found true with no service mapping; wanted: at least one distributor and one",
    ),
    "effective without anything": (
        EFFECTIVE,
        r"providers\[radio\].effective: found true with no distributor and no service mapping; wanted",
    ),
    "a secret that is too short": (
        PROVIDER + 'jwt_secret = "short"',
        r"connection.jwt_secret: found a secret; wanted: at least 32 bytes",
    ),
    "a life that is no number": (
        PROVIDER + 'token_life_minutes = "long"',
        r"connection.token_life_minutes: found 'long'; wanted: a whole number from 1 to 1440",
    ),
    "a life that is too long": (
        PROVIDER + "token_life_minutes = 1441",
        r"connection.token_life_minutes: found '1441'; wanted: a whole number from 1 to 1440",
    ),
    "a life of nothing": (PROVIDER + "token_life_minutes = 0", r"connection.token_life_minutes: found '0'; wanted"),
    "a life that is true": (
        PROVIDER + "token_life_minutes = true",
        r"providers\[0\].connection.*: Expected `str`, got `bool`",
    ),
    "a number where the protocol has none": (
        PROVIDER.replace('"us"', "1"),
        r"providers\[0\].connection.*: Expected `str`, got `int`",
    ),
    "what is no product mapped": (
        PROVIDER + SERVICE.replace("NEWS", "X"),
        r"providers\[radio\].services: 'X' is no product; known: CHOICE",
    ),
    "what is no product as hardware": (
        PROVIDER + HARDWARE.replace("STB", "X"),
        r"providers\[radio\].hardware: 'X' is no product; known: CHOICE",
    ),
    "a mapping to nothing": (
        PROVIDER + SERVICE.replace("R_NEWS", ""),
        r"providers\[radio\].services: the platform's name of NEWS is empty",
    ),
    "a service mapped twice": (
        PROVIDER + SERVICE * 2,
        r"providers\[radio\].services: NEWS stands there more than once",
    ),
    "hardware mapped twice": (PROVIDER + HARDWARE * 2, r"providers\[radio\].hardware: STB stands there more than once"),
    "an unknown kind of run": (
        DEFINITION.replace("maintenance", "tidying"),
        r"definitions\[0\].kind: Unknown kind 'tidying'; known: .*error_handling, mail, maintenance",
    ),
    "a schedule that is none": (
        DEFINITION + 'schedule = "at night"',
        r"definitions\[NIGHT\].schedule: found 'at night' \(.*\); wanted: a moment such as .* or five fields of cron",
    ),
    "a schedule without an offset": (DEFINITION + 'schedule = "2030-01-31T20:00:00"', r"definitions\[NIGHT\].schedule"),
    "a definition for no provider": (
        DEFINITION + 'provider = "radio"',
        r"definitions\[NIGHT\].provider: found 'radio'; wanted: one of tv\.",
    ),
    "a filter that the kind of run does not know": (
        DEFINITION + 'filters = { colour = "red" }',
        r"definitions\[NIGHT\].filters: found 'colour'; wanted: none",
    ),
    "an archive run without an end": (ARCHIVE, r"definitions\[OLD\].filters: found neither; wanted: exactly one of"),
    "an archive run with two ends": (
        ARCHIVE + "filters = { older_than_days = 30, created_to = 2030-01-31 }",
        r"definitions\[OLD\].filters: found created_to and older_than_days; wanted: exactly one of",
    ),
    "an archive run until no day": (
        ARCHIVE + 'filters = { created_to = "2030-02-30" }',
        r"definitions\[OLD\].filters.created_to: found '2030-02-30'; wanted: a day such as 2030-01-31",
    ),
    "an archive run of days before": (
        ARCHIVE + "filters = { older_than_days = -1 }",
        r"definitions\[OLD\].filters.older_than_days: found '-1'; wanted: a whole number from 0 to 36500",
    ),
    "an archive run at night": (
        ARCHIVE + 'schedule = "0 3 * * *"\nfilters = { older_than_days = 30 }',
        r"definitions\[OLD\].schedule: found '0 3 .*; wanted: none, for it is begun by hand, with the archive password",
    ),
    "an archive run of one provider": (
        ARCHIVE + 'provider = "tv"\nfilters = { older_than_days = 30 }',
        r"definitions\[OLD\].provider: found 'tv'; wanted: none",
    ),
    "a definition twice": (DEFINITION * 2, r"definitions.code 'NIGHT' stands in .*new.toml already"),
    "a definition without a code": (DEFINITION.replace("NIGHT", ""), r"definitions.code is empty"),
    "a product twice": (PRODUCT * 2, r"products.code 'OPERA' stands in .*new.toml already"),
    "a name twice": (
        PRODUCT + PRODUCT.replace("OPERA", "X").replace("Op", "oP"),
        r"products.name 'opera' stands in .*new.toml already",
    ),
    "a provider twice": (PROVIDER * 2, r"providers.code 'radio' stands in .*new.toml already"),
    "a distributor twice": (
        PROVIDER + DISTRIBUTOR * 2,
        r"providers.distributors.code 'KITCHEN' stands in .*new.toml already",
    ),
    "a name that is known already": (
        PRODUCT.replace("Opera", "SPORT"),
        r"products.name 'sport' stands in the database already",
    ),
    "another provider's distributor": (
        PROVIDER + DISTRIBUTOR.replace("KITCHEN", "MAIN"),
        r"distributors.code 'MAIN' stands in the database already",
    ),
}

"""What should be so at every platform, whatever has happened.

It is worked out from what the engine shows of services and devices, and from the providers' files, without the engine's
own arithmetic.
"""

from harness.should import held, should_hold
from tests.engine.convergence.words import FINAL

ACCOUNT = "account"
OWNERS = {
    "tucano": ("accounts", "subscriber"),
    "icareus": ("users", "screen_name"),
    "irdeto": ("clients", "subscription"),
}


class Model:
    """What each platform should hold for each subscription, now and since all was quiet; and whose each thing is."""

    def __init__(self, lab, world):
        self.lab = lab
        self.world = world
        self.owners = {}
        self.had = {}
        self.shown = {}
        self.holdings = {}
        self.since_quiet = {}
        self.went_back = set()

    def look(self):
        """See what the engine shows now, and what has happened at the platforms since the mark."""
        self.shown = {one.number: one for one in self.lab.engine.subscriptions()}
        for platform in self.world:
            self.holdings[platform] = self.lab.platforms[platform].holdings()
            for subject, number in self.owned(platform):
                self.owners[platform, subject] = number
                self.had.setdefault((platform, subject), set()).add(number)
        for number, one in self.shown.items():
            self.since_quiet.setdefault(number, [set()]).append(self.should_hold(one))
        self.check_exchanges()
        for number, one in self.shown.items():
            if not any(standing.pending for standing in one.providers.values()):
                del self.since_quiet[number][:-1]

    def owned(self, platform):
        """What there is at a platform, each with the number of its subscription: Conax knows cards only."""
        if platform == "conax":
            for number, one in self.shown.items():
                yield from ((item.ca_ids["conax"][:11], number) for item in one.installed_items)
        else:
            kept, owner = OWNERS[platform]
            memory = self.lab.platforms[platform].memory()[kept]
            yield from ((subject, found[owner]) for subject, found in memory.items())

    def should_hold(self, one):
        """What every platform should hold for a subscription: platform, device where it is on one, and line."""
        now, providers = self.lab.clock.now(), self.lab.engine.context.providers
        found = {
            (platform, subject, line)
            for platform in self.world
            for subject, lines in should_hold(one, providers[platform], now, self.held_by(platform, one.number)).items()
            for line in lines
        }
        return found if one.state in FINAL else {*found, *((platform, "", ACCOUNT) for platform in self.world)}

    def held_by(self, platform, number):
        """What the platform holds for a subscription, by account or device."""
        return {
            one: lines for one, lines in self.holdings[platform].items() if self.owners.get((platform, one)) == number
        }

    def check_nothing_happened(self):
        """What was refused, or is still to come, changes nothing at any platform."""
        assert not self.lab.effects()

    def check_exchanges(self):
        for entry in self.lab.exchanges():
            for line in entry.difference:
                if entry.platform == "conax":
                    self.check_product_asked_for(entry, line)
                elif not line.startswith("+account "):
                    self.check_asked_for(entry, line)

    def check_asked_for(self, entry, line):
        """Nothing happens at a platform that no action has asked for since all was quiet."""
        place = entry.subject if entry.platform == "irdeto" else ""
        thing = (entry.platform, place, ACCOUNT if line.startswith("-account ") else line[1:])
        self.check_wanted(line[0], thing, entry.subject)

    def check_product_asked_for(self, entry, line):
        """The same of a product on a card; which pairs there are is said by the last that was made."""
        sign, (before, _, after) = line[0], line[1:].partition(": ")
        card, thing = (before, after) if after else (entry.subject, before)
        if thing.startswith("product "):
            self.check_wanted(sign, ("conax", card, " ".join(thing.split()[:2])), card)

    def check_wanted(self, sign, thing, subject):
        """Somebody asked for it who has, or had, what it is about.

        At a platform that went back in time, ids may be given to others than before.
        """
        had = self.had.get((thing[0], subject))
        owners = self.since_quiet.keys() if had is None or thing[0] in self.went_back else had
        asked = any((thing in state) == (sign == "+") for one in owners for state in self.since_quiet[one])
        assert asked, f"{sign}{thing} for {had}, and nobody asked for it: {self.since_quiet}"

    def check_in_step(self, one, platform):
        """The platform holds for the subscription just what it should, and the engine believes so."""
        provider, holdings = self.lab.engine.context.provider(platform), self.held_by(platform, one.number)
        standing, found = one.providers[platform], held(holdings, provider)
        assert found == should_hold(one, provider, self.lab.clock.now(), holdings), f"{one.number} at {platform}"
        assert standing.in_sync, (one.number, platform, standing)
        if platform not in {"irdeto", "conax"}:
            account = next(iter(holdings), None)
            assert standing.account == account or not any(found.values()), f"the account at {platform} by another name"
        if platform == "icareus":
            assert one.state not in FINAL or not holdings, f"{one.number} has ended, and is registered"

    def check_nobodys(self):
        """No platform holds anything that is nobody's."""
        for platform in self.world:
            lost = {one for one in self.holdings[platform] if self.owners.get((platform, one)) is None}
            assert not lost, f"{platform} holds {lost}, which is nobody's"

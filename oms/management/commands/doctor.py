import json

from django.core.management.base import BaseCommand

from oms.lib.doctor import run

SHOWN = 50  # rows of one check; --json names them all


class Command(BaseCommand):
    help = "Prove that the data hangs together; names the rows that do not. Never repairs. Exit 1 if any."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--explain", type=int, metavar="N", help="only check N: what went wrong, what to do")

    def handle(self, *, explain, **options):
        findings = run(only=explain, explain=explain is not None)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(findings), indent=2))
        else:
            self.report(findings)
        if any(finding.violations for finding in findings):
            raise SystemExit(1)

    def report(self, findings):
        for finding in findings:
            count = len(finding.violations)
            state = self.style.ERROR(f"{count} violations") if count else self.style.SUCCESS("ok")
            self.stdout.write(f"{finding.check.number:3} {finding.check.title}: {state}")
            explanations = finding.explanations or [""] * count
            for violation, explanation in list(zip(finding.violations, explanations, strict=True))[:SHOWN]:
                self.stdout.write(f"      {violation.row}: {violation.message}")
                if explanation:
                    self.stdout.write(f"          {explanation}")
            if count > SHOWN:
                self.stdout.write(f"      ... and {count - SHOWN} more")


def as_json(findings):
    """Return {"ok", "checks": [{"number", "title", "violations": [{"row", "message", "explanation"?}]}]}."""
    return {
        "ok": not any(finding.violations for finding in findings),
        "checks": [
            {
                "number": finding.check.number,
                "title": finding.check.title,
                "violations": list(_violations(finding)),
            }
            for finding in findings
        ],
    }


def _violations(finding):
    for place, violation in enumerate(finding.violations):
        entry = {"row": violation.row, "message": violation.message}
        if finding.explanations:
            entry["explanation"] = finding.explanations[place]
        yield entry

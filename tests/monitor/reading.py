"""Numbers as Prometheus reads them."""

from __future__ import annotations

from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from tests.journeys.processes import Product


@dataclass(frozen=True)
class Numbers:
    """What a process told at a moment: (name, labels) → value."""

    values: dict[tuple[str, frozenset[tuple[str, str]]], float]

    @classmethod
    def read(cls, text: str) -> Numbers:
        """Of a page."""
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return cls({(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples})

    @classmethod
    def of(cls, product: Product, port: int, path: str = "/metrics") -> Numbers:
        """Of a running process."""
        status, text = product.get(path, port)
        assert status == 200, (path, status, text)
        return cls.read(text)

    def of_name(self, name: str, **labels: str) -> float:
        """The sum of a name's series that have these labels; 0 where there is none."""
        wanted = set(labels.items())
        return sum(value for (each, has), value in self.values.items() if each == name and wanted <= has)

    def labels_of(self, name: str) -> set[str]:
        """All values that the labels of a name have."""
        return {value for (each, has) in self.values if each == name for _, value in has}

package io.millrace.datasets.formats.edgelist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Labels of a node table that are text. */
class ClassNamesTest extends EdgeListFixture {
  /** Numbered by name, not by row; what is no label does not decide what labels are. */
  @Test
  void numbersClassesThatAreTextInTheOrderOfTheirNames() throws IOException {
    Path edges = file("edges.csv", "0,1\n");
    Path nodes = file("nodes.csv", "f,kind\n0,nan\n0,shop\n0,\n0,-1\n0,\"a, b\"\n0,7th\n0,shop\n");
    try (GraphDataset data = run(DEFAULTS.withNodes(labelTable(nodes, "kind")), edges)) {
      assertEquals(List.of("7th", "a, b", "shop"), data.labels().classNames());
      assertEquals("a, b", data.labels().className(1));
      assertArrayEquals(
          new int[] {-1, 2, -1, -1, 1, 0, 2}, data.labels().values().toArray(ValueLayout.JAVA_INT));
      Path copy = folder.resolve("copy");
      data.save(copy);
      try (GraphDataset same = GraphDataset.open(copy)) {
        assertEquals(data.labels().classNames(), same.labels().classNames());
      }
      Path yaml = copy.resolve(DatasetDescription.FILE_NAME);
      String text = Files.readString(yaml);
      String unsealed = text.substring(text.indexOf('\n') + 1);
      Files.writeString(yaml, unsealed.replace("- shop\n", ""));
      Expect.badInput(() -> GraphDataset.open(copy), "need a name for each class: names=2");
    }
  }

  @Test
  void takesNamesOfClassesThatLookLikeNumbersOfJava() throws IOException {
    Path nodes = file("nodes.csv", "f,kind\n0,3D\n0,2f\n0,4d\n0,1F\n");
    try (GraphDataset data =
        run(DEFAULTS.withNodes(labelTable(nodes, "kind")), file("edges.csv", "0,1\n"))) {
      assertEquals(List.of("1F", "2f", "3D", "4d"), data.labels().classNames());
    }
  }

  /** What is imported can be opened: the names lie in dataset.yaml, which may not be any length. */
  @Test
  void opensADatasetWithManyLongNamesOfClasses() throws IOException {
    Path edges = file("edges.csv", "0,1\n");
    Path nodes = namesOfClasses(655, 100);
    try (GraphDataset data = run(DEFAULTS.withNodes(labelTable(nodes, "kind")), edges)) {
      assertEquals(655, data.labels().classNames().size());
    }
    rejects(
        DEFAULTS.withNodes(labelTable(namesOfClasses(656, 100), "kind")),
        edges,
        "class names are too long in total",
        "line=657, column=kind, maxBytes=65536");
  }

  /** Names of so many bytes: ž is of 2, \u0001 is escaped. */
  private Path namesOfClasses(int count, int bytes) throws IOException {
    StringBuilder text = new StringBuilder("f,kind\n");
    for (int i = 0; i < count; i++) {
      String name = "%05d\u0001".formatted(i) + "ž".repeat((bytes - 6) / 2);
      text.append("0,").append(name).append(bytes % 2 == 0 ? "" : "x").append('\n');
    }
    return file("many.csv", text.toString());
  }

  @Test
  void rejectsTextAmongLabelsThatAreNumbersAndNamesThatAreNone() throws IOException {
    Path edges = file("edges.csv", "0,1\n");
    Path mixed = file("mixed.csv", "f,kind\n0,nan\n0,1\n0,shop\n");
    rejects(
        DEFAULTS.withNodes(labelTable(mixed, "kind")),
        edges,
        "labels are numbers and text",
        "line=4, column=kind, value=shop");
    Path typed = file("typed.csv", "f,kind\n0,1\n0,3D\n");
    rejects(
        DEFAULTS.withNodes(labelTable(typed, "kind")),
        edges,
        "labels are numbers and text",
        "line=3, column=kind, value=3D");
    StringBuilder many = new StringBuilder("f,kind\n");
    for (int i = 0; i <= TableLabels.MAX_NAMES; i++) {
      many.append("0,k").append(i).append('\n');
    }
    rejects(
        DEFAULTS.withNodes(labelTable(file("many.csv", many.toString()), "kind")),
        edges,
        "too many class names",
        "line=10002, column=kind");
    Path text = file("long.csv", "f,kind\n0," + "x".repeat(201) + "\n");
    rejects(
        DEFAULTS.withNodes(labelTable(text, "kind")),
        edges,
        "class name is too long",
        "line=2, column=kind, length=201");
  }

  private static NodeTableOptions labelTable(Path file, String label) {
    return new NodeTableOptions(
        file, Optional.empty(), List.of("f"), Optional.of(label), Optional.empty());
  }
}

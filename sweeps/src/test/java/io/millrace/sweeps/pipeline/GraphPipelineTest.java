package io.millrace.sweeps.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps that copy text: table, then data = table + setting, then model, then predictions. */
class GraphPipelineTest {
  /** As a kill, of which the record hears nothing. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @TempDir Path folder;
  private Path table;
  private final List<String> ran = new ArrayList<>();
  private String undirected = "yes";
  private String lr = "0.1";

  /** Writes of files until the process is killed. */
  private int writesLeft = Integer.MAX_VALUE;

  @BeforeEach
  void writeTable() throws IOException {
    table = Files.writeString(folder.resolve("edges.csv"), "0,1\n");
  }

  private void write(Path file, String text) {
    if (writesLeft-- <= 0) {
      throw new Killed();
    }
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<PipelineStep> steps() {
    Path data = folder.resolve("data");
    Path model = folder.resolve("model");
    Path out = folder.resolve("out");
    return List.of(
        PipelineStep.of(
                "data",
                data,
                _ -> {
                  ran.add("data");
                  write(data.resolve("a"), read(table) + undirected);
                  write(data.resolve("b"), read(table));
                  write(data.resolve(".b.crc"), "hidden");
                })
            .reads(table)
            .setting("undirected", undirected),
        PipelineStep.of(
                "model",
                model,
                _ -> {
                  ran.add("model");
                  int epoch = 1; // resumes after the last that is there
                  while (Files.exists(model.resolve("epoch" + epoch))) {
                    epoch++;
                  }
                  for (; epoch <= 3; epoch++) {
                    write(model.resolve("epoch" + epoch), read(data.resolve("a")) + lr);
                  }
                })
            .reads(data)
            .setting("lr", lr)
            .resuming(),
        PipelineStep.of(
                "out",
                out,
                _ -> {
                  ran.add("out");
                  write(out, read(data.resolve("b")) + read(model.resolve("epoch3")));
                })
            .reads(data)
            .reads(model.resolve("epoch3")));
  }

  private List<String> run() {
    ran.clear();
    GraphPipeline pipeline = pipeline();
    List<String> planned =
        pipeline.plan().stream().filter(StepPlan::runs).map(it -> it.step().name()).toList();
    pipeline.run(PipelineListener.NONE);
    assertEquals(planned, ran);
    return planned;
  }

  private GraphPipeline pipeline() {
    return GraphPipeline.of(folder.resolve("record.json"), steps());
  }

  private List<String> reasons() {
    return pipeline().plan().stream().map(StepPlan::reason).toList();
  }

  private List<String> contents() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(it -> !it.endsWith("record.json"))
          .sorted()
          .map(it -> folder.relativize(it) + "=" + read(it))
          .toList();
    }
  }

  @Test
  void aSecondRunDoesOnlyWhatChanged() throws IOException {
    assertEquals(List.of("data", "model", "out"), run());
    assertEquals(List.of(), run());
    lr = "0.2";
    assertEquals(List.of("", "lr was 0.1 and is 0.2", "it reads model, which runs"), reasons());
    assertEquals(List.of("model", "out"), run());
    assertTrue(read(folder.resolve("out")).endsWith("0.2"));
    undirected = "no";
    assertEquals(List.of("data", "model", "out"), run());
    Files.delete(folder.resolve("out"));
    assertEquals(List.of("out"), run());
    Files.delete(folder.resolve("model/epoch2"));
    assertEquals(List.of("model", "out"), run());
    assertEquals(List.of(), run());
  }

  @Test
  void aFileWithTheSameContentChangesNothing() throws IOException {
    run();
    Files.setLastModifiedTime(table, FileTime.from(Instant.EPOCH));
    assertEquals(List.of(), run());
    Files.writeString(table, "0,2\n"); // as long as before
    assertEquals("edges.csv was changed", reasons().getFirst());
    assertEquals(List.of("data", "model", "out"), run());
  }

  @Test
  void aRunThatIsKilledAnywhereEndsWithTheSameFiles() throws IOException {
    run();
    lr = "0.3";
    undirected = "no";
    run();
    List<String> whole = contents();
    for (int first = 0; first <= 7; first++) { // of 7 writes
      for (int second : new int[] {1, 4}) {
        lr = "0.1";
        undirected = "yes";
        writesLeft = Integer.MAX_VALUE;
        run();
        lr = "0.3";
        undirected = "no";
        for (int writes : new int[] {first, second}) {
          writesLeft = writes;
          try {
            pipeline().run(PipelineListener.NONE);
          } catch (Killed e) {
            continue;
          }
        }
        writesLeft = Integer.MAX_VALUE;
        pipeline().run(PipelineListener.NONE);
        assertEquals(whole, contents(), first + " writes, then " + second);
        assertEquals(List.of(), run());
      }
    }
  }

  @Test
  void aTrainingThatWasInterruptedGoesOnAndAnImportBeginsAgain() {
    writesLeft = 1;
    assertThrows(Killed.class, () -> pipeline().run(PipelineListener.NONE));
    assertEquals("it was interrupted", reasons().getFirst());
    writesLeft = 5; // the import again, and 2 epochs
    assertThrows(Killed.class, () -> pipeline().run(PipelineListener.NONE));
    writesLeft = 2; // the third epoch, and the predictions
    assertEquals(List.of("model", "out"), run());
  }

  @Test
  void neverDeletesWhatItHasNotMade() throws IOException {
    Path out = Files.writeString(folder.resolve("out"), "mine");
    BadInputException e = assertThrows(BadInputException.class, this::run);
    assertTrue(e.getMessage().startsWith("output exists already"), e.getMessage());
    assertEquals("mine", read(out));
    Files.delete(out);
    run();
    Files.writeString(folder.resolve("model/notes"), "mine");
    assertEquals(List.of(), run());
    lr = "0.2";
    e = assertThrows(BadInputException.class, this::run);
    assertTrue(e.getMessage().contains("model/notes"), e.getMessage());
    assertTrue(Files.exists(folder.resolve("model/epoch1")));
    Files.delete(folder.resolve("model/notes"));
    run();
    Files.writeString(folder.resolve("model/epoch1"), "trained by hand");
    e = assertThrows(BadInputException.class, this::run);
    assertTrue(e.getMessage().contains("model/epoch1"), e.getMessage());
  }

  @Test
  void neverDeletesWhatWasPutInPlaceOfTheOutputOfAFailedStep() throws IOException {
    Path made = folder.resolve("made");
    boolean[] left = {false};
    PipelineStep step =
        PipelineStep.of(
            "made",
            made,
            _ -> {
              if (left[0]) {
                write(made.resolve("part"), "");
              }
              throw new BadInputException("a wrong table");
            });
    for (PipelineStep each : List.of(step, step.resuming())) {
      left[0] = false;
      GraphPipeline pipeline = GraphPipeline.of(folder.resolve("r.json"), List.of(each));
      assertThrows(BadInputException.class, () -> pipeline.run(PipelineListener.NONE));
      write(made.resolve("mine"), "by hand");
      BadInputException e =
          assertThrows(BadInputException.class, () -> pipeline.run(PipelineListener.NONE));
      assertTrue(e.getMessage().contains("made/mine"), e.getMessage());
      assertEquals("by hand", read(made.resolve("mine")));
      Files.delete(made.resolve("mine"));
      left[0] = true; // and what the step itself has left is no obstacle
      for (int again = 0; again < 2; again++) {
        e = assertThrows(BadInputException.class, () -> pipeline.run(PipelineListener.NONE));
        assertEquals("a wrong table", e.getMessage());
        assertEquals("it failed", pipeline.plan().getFirst().reason());
      }
      Files.delete(made.resolve("part"));
    }
  }

  @Test
  void neverDeletesAHiddenFileThatNoStepHasMade() throws IOException {
    run();
    Path hidden = Files.writeString(folder.resolve("model/.gitignore"), "mine");
    Files.writeString(folder.resolve("model/.writer"), "7");
    Files.writeString(folder.resolve("model/.epoch1.partial-7-0"), "half");
    lr = "0.2";
    BadInputException e = assertThrows(BadInputException.class, this::run);
    assertTrue(e.getMessage().contains("model/.gitignore"), e.getMessage());
    Files.delete(hidden);
    assertEquals(List.of("model", "out"), run());
  }

  @Test
  void aFolderThatCannotBeListedIsAnErrorOfOneLine() throws IOException {
    run();
    Files.createSymbolicLink(folder.resolve("model/circle"), folder.resolve("model"));
    BadInputException e = assertThrows(BadInputException.class, this::reasons);
    assertTrue(e.getMessage().startsWith("cannot read: file="), e.getMessage());
  }

  @Test
  void aMissingInputOfALaterStepIsFoundBeforeTheFirstRuns() {
    List<PipelineStep> all = new ArrayList<>(steps());
    all.set(2, all.get(2).reads(folder.resolve("ids.txt")));
    GraphPipeline pipeline = GraphPipeline.of(folder.resolve("record.json"), all);
    BadInputException e =
        assertThrows(BadInputException.class, () -> pipeline.run(PipelineListener.NONE));
    assertTrue(e.getMessage().contains("ids.txt"), e.getMessage());
    all.set(2, steps().get(2));
    write(folder.resolve("out"), "mine");
    assertThrows(BadInputException.class, () -> pipeline().run(PipelineListener.NONE));
    assertEquals(List.of(), ran);
  }

  @Test
  void refusesStepsThatDoNotFollowEachOther() throws IOException {
    Path record = folder.resolve("record.json");
    List<PipelineStep> steps = steps();
    assertThrows(BadInputException.class, () -> GraphPipeline.of(record, steps.reversed()));
    assertThrows(
        BadInputException.class,
        () -> GraphPipeline.of(record, List.of(steps.get(0), steps.get(0))));
    PipelineStep twin = PipelineStep.of("twin", folder.resolve("x/../data"), _ -> {});
    assertThrows(
        BadInputException.class, () -> GraphPipeline.of(record, List.of(steps.get(0), twin)));
    PipelineStep lazy = PipelineStep.of("lazy", folder.resolve("none"), _ -> {});
    GraphPipeline none = GraphPipeline.of(record, List.of(lazy));
    assertThrows(BadInputException.class, () -> none.run(PipelineListener.NONE));
    Files.delete(table);
    BadInputException e = assertThrows(BadInputException.class, this::run);
    assertTrue(e.getMessage().contains("edges.csv"), e.getMessage());
    String step = "{'lazy': {'settings': {}, 'after': {}, 'inputs': %s, 'outputs': %s}}";
    for (String text :
        List.of(
            "{'lazy': 3}",
            "",
            step.formatted("{'a': {'': {'modified': 't'}}}", "{}"),
            step.formatted("{}", "{'': null}"),
            step.formatted("{}", "{'': {}}"))) {
      Files.writeString(record, text.replace('\'', '"'));
      e = assertThrows(BadInputException.class, () -> none.plan(), text);
      assertTrue(e.getMessage().startsWith("not the record of a pipeline"), e.getMessage());
    }
  }

  @Test
  void refusesAnOutputThatHoldsTheRecordOrAnotherOutput() throws IOException {
    Path record = folder.resolve("record.json");
    List<Path> outputs = List.of(folder, folder.resolve("x/.."), folder.getParent(), record);
    for (Path output : outputs) {
      PipelineStep step = PipelineStep.of("step", output, _ -> write(output.resolve("a"), ""));
      assertThrows(BadInputException.class, () -> GraphPipeline.of(record, List.of(step)));
    }
    PipelineStep outer = PipelineStep.of("outer", folder.resolve("out"), _ -> {});
    PipelineStep inner = PipelineStep.of("inner", folder.resolve("out/in"), _ -> {});
    for (List<PipelineStep> both : List.of(List.of(outer, inner), List.of(inner, outer))) {
      assertThrows(BadInputException.class, () -> GraphPipeline.of(record, both));
    }
    assertEquals("0,1\n", read(table));
  }

  @Test
  void aDatasetIsOpenedOnceForAllSteps() {
    Path place = folder.resolve("graph");
    try (GraphDataset made =
        GraphDataset.builder("pair", CsrGraph.of(new long[] {0, 1, 1}, new int[] {1})).build()) {
      made.save(place);
    }
    try (OpenDatasets datasets = new OpenDatasets()) {
      GraphDataset data = datasets.open(place, StorageMode.IN_MEMORY);
      assertSame(data, datasets.open(place, StorageMode.AUTO));
      assertSame(data, datasets.openUncopied(folder.resolve("x/../graph")));
      assertFalse(data == datasets.open(place, StorageMode.MAPPED));
    }
  }
}

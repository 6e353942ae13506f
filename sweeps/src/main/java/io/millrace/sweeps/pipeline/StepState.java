package io.millrace.sweeps.pipeline;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.FileTree;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A step as it is now, next to what the record says of its last run. One thread. */
final class StepState {
  private final PipelineStep step;
  private final Optional<StepRecord> before;
  private final Map<String, Map<String, FileState>> inputs;
  private final Map<String, Integer> after;
  private final Set<String> running;

  private StepState(
      PipelineStep step,
      Optional<StepRecord> before,
      Map<String, Map<String, FileState>> inputs,
      Map<String, Integer> after,
      Set<String> running) {
    this.step = step;
    this.before = before;
    this.inputs = inputs;
    this.after = after;
    this.running = running;
  }

  /**
   * @param steps of the pipeline
   * @param running earlier steps that are to run, but have not yet
   * @throws BadInputException if an input is missing
   */
  static StepState of(
      PipelineStep step, List<PipelineStep> steps, PipelineRecord records, Set<String> running) {
    Optional<StepRecord> before = records.step(step.name());
    Map<String, Map<String, FileState>> inputs = new TreeMap<>();
    Map<String, Integer> after = new TreeMap<>();
    Set<String> due = new TreeSet<>();
    for (Path input : step.inputs()) {
      Optional<PipelineStep> maker = maker(input, steps);
      if (maker.isEmpty()) {
        String name = records.name(input);
        inputs.put(name, files(step, input, recorded(before, name)));
      } else {
        String name = maker.get().name();
        after.put(name, records.step(name).map(StepRecord::run).orElse(0));
        if (running.contains(name)) {
          due.add(name);
        }
      }
    }
    return new StepState(step, before, inputs, after, due);
  }

  /**
   * Refuses, before the first step runs, what would only be found when this one does.
   *
   * @throws BadInputException if an input is missing, or an output exists that no run has made
   */
  static void requireReady(PipelineStep step, List<PipelineStep> steps, PipelineRecord records) {
    for (Path input : step.inputs()) {
      if (maker(input, steps).isEmpty()) {
        requireInput(step, input);
      }
    }
    if (records.step(step.name()).isEmpty()) {
      requireNoOutput(step);
    }
  }

  private static Optional<PipelineStep> maker(Path input, List<PipelineStep> steps) {
    return steps.stream().filter(it -> isIn(input, it.output())).findFirst();
  }

  private static void requireInput(PipelineStep step, Path input) {
    if (!Files.exists(input)) {
      throw BadInputException.of("no such file", "step", step.name(), "file", input);
    }
  }

  private static void requireNoOutput(PipelineStep step) {
    if (exists(step)) {
      throw BadInputException.of(
          "output exists already, and is of no earlier run",
          "step",
          step.name(),
          "output",
          step.output());
    }
  }

  private static Map<String, FileState> recorded(Optional<StepRecord> before, String input) {
    return before.map(it -> it.inputs().get(input)).orElse(Map.of());
  }

  private static Map<String, FileState> files(
      PipelineStep step, Path input, Map<String, FileState> recorded) {
    requireInput(step, input);
    return FileState.ofInput(input, recorded);
  }

  /** Whether a path is a place, or in it. */
  static boolean isIn(Path path, Path place) {
    return place(path).startsWith(place(place));
  }

  static Path place(Path path) {
    return path.toAbsolutePath().normalize();
  }

  StepPlan plan() {
    if (before.isEmpty()) {
      return StepPlan.because(step, "it has not run yet");
    }
    Optional<String> change = change(before.get());
    if (change.isPresent()) {
      return StepPlan.because(step, change.get());
    }
    if (!before.get().done()) {
      return StepPlan.because(step, before.get().failed() ? "it failed" : "it was interrupted");
    }
    return missing(before.get())
        .map(it -> StepPlan.because(step, it + " is missing"))
        .orElseGet(() -> StepPlan.kept(step));
  }

  /**
   * A file of the output that is not there any more.
   *
   * @throws BadInputException if one has another size, so that later steps may not rely on it
   */
  private Optional<Path> missing(StepRecord then) {
    Map<String, FileState> found = FileState.ofOutput(step.output());
    for (Map.Entry<String, FileState> written : then.outputs().entrySet()) {
      FileState now = found.get(written.getKey());
      Path file = step.output().resolve(written.getKey());
      if (now == null) {
        return Optional.of(file);
      }
      if (now.bytes() != written.getValue().bytes()) {
        throw changedSince(file);
      }
    }
    return exists(step) ? Optional.empty() : Optional.of(step.output());
  }

  /** What the output depends on and is not as it was. */
  private Optional<String> change(StepRecord then) {
    for (String name : running) {
      return Optional.of("it reads " + name + ", which runs");
    }
    for (Map.Entry<String, Integer> maker : after.entrySet()) {
      if (!maker.getValue().equals(then.after().get(maker.getKey()))) {
        return Optional.of("it reads " + maker.getKey() + ", which has run since");
      }
    }
    if (!after.keySet().equals(then.after().keySet())) {
      return Optional.of("it reads the output of other steps");
    }
    return changedSetting(then).or(() -> changedFile(then));
  }

  private Optional<String> changedSetting(StepRecord then) {
    Set<String> names = new TreeSet<>(step.settings().keySet());
    names.addAll(then.settings().keySet());
    for (String name : names) {
      String was = then.settings().getOrDefault(name, "not set");
      String now = step.settings().getOrDefault(name, "not set");
      if (!was.equals(now)) {
        return Optional.of(name + " was " + was + " and is " + now);
      }
    }
    return Optional.empty();
  }

  private Optional<String> changedFile(StepRecord then) {
    Set<String> places = new TreeSet<>(inputs.keySet());
    places.addAll(then.inputs().keySet());
    for (String place : places) {
      if (!inputs.containsKey(place) || !then.inputs().containsKey(place)) {
        return Optional.of("it reads other files");
      }
      Optional<String> changed = FileState.changed(then.inputs().get(place), inputs.get(place));
      if (changed.isPresent()) {
        return Optional.of(Path.of(place).resolve(changed.get()) + " was changed");
      }
    }
    return Optional.empty();
  }

  /** The record of the run that begins; one that was interrupted goes on. */
  StepRecord begun() {
    int run = before.map(StepRecord::run).orElse(0) + (goesOn() ? 0 : 1);
    return new StepRecord(
        run, false, false, step.settings(), new LinkedHashMap<>(inputs), after, Map.of());
  }

  private boolean goesOn() {
    return before.isPresent() && !before.get().done() && change(before.get()).isEmpty();
  }

  /**
   * Deletes the output of an earlier run, unless the step goes on with it.
   *
   * @throws BadInputException if it is not, or not only, what the earlier run has left
   */
  void prepareOutput() {
    if (before.isEmpty()) {
      requireNoOutput(step);
    }
    if (!exists(step)) {
      return;
    }
    if (before.get().done() || before.get().failed()) {
      requireAsWritten(before.get().outputs());
    }
    if (!goesOn() || !step.resumes()) {
      delete(step.output());
    }
  }

  private static boolean exists(PipelineStep step) {
    return Files.exists(step.output(), LinkOption.NOFOLLOW_LINKS);
  }

  private void requireAsWritten(Map<String, FileState> written) {
    FileState.ofOutput(step.output())
        .forEach(
            (name, now) -> {
              FileState then = written.get(name);
              if (then == null || !now.looksLike(then)) {
                throw changedSince(step.output().resolve(name));
              }
            });
  }

  private BadInputException changedSince(Path file) {
    return BadInputException.of(
        "output was changed after its step, which runs again when you delete it",
        "step",
        step.name(),
        "output",
        step.output(),
        "changed",
        file);
  }

  private static void delete(Path output) {
    try {
      FileTree.delete(output);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(output, "output", e);
    }
  }
}

package io.millrace.sweeps.pipeline;

import io.millrace.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A step of a {@link GraphPipeline}. Immutable: each method returns a new step.
 *
 * @param name that is unique among the steps
 * @param output the file or folder that the work makes; without {@code ..} after a name, which
 *     would end elsewhere where the name is a link
 * @param settings what the output depends on, except files
 * @param inputs the files and folders that the work reads; one that is the output of an earlier
 *     step, or in it, makes this step depend on that one
 * @param resumes whether the work continues what an interrupted run has left of the output;
 *     otherwise that is deleted, and the work begins again
 */
public record PipelineStep(
    String name,
    Path output,
    Map<String, String> settings,
    List<Path> inputs,
    boolean resumes,
    StepWork work) {
  public PipelineStep {
    if (name.isBlank()) {
      throw BadInputException.of("a step has a name", "output", output);
    }
    output = output.normalize();
    settings = Map.copyOf(settings);
    inputs = List.copyOf(inputs);
  }

  /** A step without settings and inputs. */
  public static PipelineStep of(String name, Path output, StepWork work) {
    return new PipelineStep(name, output, Map.of(), List.of(), false, work);
  }

  /** With one more setting. */
  public PipelineStep setting(String key, Object value) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put(key, String.valueOf(value));
    return new PipelineStep(name, output, all, inputs, resumes, work);
  }

  /** With one more input. */
  public PipelineStep reads(Path input) {
    List<Path> all = new ArrayList<>(inputs);
    all.add(input);
    return new PipelineStep(name, output, settings, all, resumes, work);
  }

  /** As a step whose work continues after an interruption. */
  public PipelineStep resuming() {
    return new PipelineStep(name, output, settings, inputs, true, work);
  }
}

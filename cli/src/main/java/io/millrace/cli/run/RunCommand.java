package io.millrace.cli.run;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.sweeps.pipeline.GraphPipeline;
import io.millrace.sweeps.pipeline.PipelineStep;
import io.millrace.sweeps.pipeline.PlanFile;
import io.millrace.sweeps.pipeline.StepReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Runs the steps of a plan in this process, those alone that are not done. The next class to read
 * is {@link GraphPipeline}, which it runs.
 */
@Command(
    name = "run",
    sortOptions = false,
    description = {
      "Runs the steps of a plan, from tables to predictions, in one process: a dataset is opened"
          + " once for all, and a second run does only what changed."
    },
    footer = {
      "%nA plan:",
      "  data: {import edges: edges.csv, nodes: nodes.csv, undirected: true}",
      "  model: {train: data, epochs: 9}",
      "  predictions: {infer: data, model: model, csv: true}",
      "What was done is kept next to the plan, in PLAN.done.json."
    })
@Internal
public final class RunCommand extends Subcommand {
  private static final List<String> OPTIONS_OF_STEPS = List.of("--seed", "--workers", "--device");

  @Parameters(
      paramLabel = "PLAN",
      description =
          "The steps in YAML: what each makes, with its command and options. Paths are relative to"
              + " this file.")
  private Path file;

  @Option(names = "--dry-run", description = "Say what would run and why, and run nothing.")
  private boolean dryRun;

  @Spec private CommandSpec spec;

  private final Function<String, CommandLine> commands;

  /**
   * @param commands makes the {@code millrace} command with the subcommand of that name
   */
  public RunCommand(Streams streams, Function<String, CommandLine> commands) {
    super(streams);
    this.commands = commands;
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    for (String option : OPTIONS_OF_STEPS) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw BadInputException.of("a step has it in the plan", "option", option);
      }
    }
    PlanFile plan = PlanFile.read(file);
    List<CommandStep> lines = new ArrayList<>();
    List<PipelineStep> steps = new ArrayList<>();
    Map<String, Object> results = new LinkedHashMap<>();
    for (PlanFile.Step step : plan.steps()) {
      CommandStep line = CommandStep.of(commands, plan, step);
      lines.add(line);
      steps.add(line.step(output, results));
    }
    GraphPipeline pipeline =
        GraphPipeline.of(file.resolveSibling(file.getFileName() + ".done.json"), steps);
    RunReport report = new RunReport(lines, output);
    if (dryRun) {
      return report.plans(pipeline.plan());
    }
    List<StepReport> done = pipeline.run(report);
    return report.reports(done, results);
  }
}

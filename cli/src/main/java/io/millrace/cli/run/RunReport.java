package io.millrace.cli.run;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.sweeps.pipeline.PipelineListener;
import io.millrace.sweeps.pipeline.StepPlan;
import io.millrace.sweeps.pipeline.StepReport;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code run} prints and writes as JSON. Called by the thread that runs the steps. */
final class RunReport implements PipelineListener {
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Map<String, String> lines;
  private final Output output;
  private final Map<String, Double> cpuSeconds = new HashMap<>();
  private double cpuStart;

  RunReport(List<CommandStep> steps, Output output) {
    lines = new LinkedHashMap<>();
    steps.forEach(
        it ->
            lines.put(
                it.name(),
                it.line().stream().map(Format::argument).collect(Collectors.joining(" "))));
    this.output = output;
  }

  @Override
  public void planned(StepPlan plan) {
    String name = plan.step().name();
    if (plan.runs()) {
      output.note("%s: %s   (%s)", name, lines.get(name), plan.reason());
    } else {
      output.note("%s: is done", name);
    }
    cpuStart = cpuSeconds();
  }

  @Override
  public void ended(StepReport report) {
    cpuSeconds.put(report.plan().step().name(), cpuSeconds() - cpuStart);
  }

  private static double cpuSeconds() {
    return PROCESS.getProcessCpuTime() / 1e9;
  }

  /** Prints what would run. */
  Object plans(List<StepPlan> plans) {
    List<Object> steps = new ArrayList<>();
    for (StepPlan plan : plans) {
      String name = plan.step().name();
      output.result(
          "%s: %s", name, plan.runs() ? "would run, because " + plan.reason() : "is done");
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("step", name);
      json.put("line", lines.get(name));
      json.put("runs", plan.runs());
      json.put("why", plan.reason());
      steps.add(json);
    }
    return json(true, steps);
  }

  /**
   * Prints how long each step took.
   *
   * @param results of the commands, by their steps' names
   */
  Object reports(List<StepReport> reports, Map<String, Object> results) {
    int width = Math.max(4, lines.keySet().stream().mapToInt(String::length).max().orElse(0));
    String format = "%-" + width + "s  %8s  %8s  %8s  %8s";
    output.result(format, "step", "working", "waiting", "cpu", "checking");
    List<Object> steps = new ArrayList<>();
    for (StepReport report : reports) {
      String name = report.plan().step().name();
      double cpu = cpuSeconds.getOrDefault(name, 0.0);
      double waiting = Math.min(report.seconds(), WaitingTime.seconds(results.get(name)));
      double working = report.seconds() - waiting;
      boolean ran = report.plan().runs();
      output.result(
          format,
          name,
          ran ? seconds(working) : "is done",
          ran ? seconds(waiting) : "",
          ran ? seconds(cpu) : "",
          seconds(report.checkSeconds()));
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("step", name);
      json.put("line", lines.get(name));
      json.put("ran", ran);
      json.put("why", report.plan().reason());
      json.put("working_seconds", working);
      json.put("waiting_seconds", waiting);
      json.put("cpu_seconds", cpu);
      json.put("checking_seconds", report.checkSeconds());
      json.put("result", results.get(name));
      steps.add(json);
    }
    return json(false, steps);
  }

  private static Map<String, Object> json(boolean dryRun, List<Object> steps) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("command", "run");
    json.put("dry_run", dryRun);
    json.put("steps", steps);
    return json;
  }

  private static String seconds(double seconds) {
    return Format.format("%.2f s", seconds);
  }
}

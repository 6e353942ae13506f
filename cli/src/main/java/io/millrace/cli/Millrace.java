package io.millrace.cli;

import io.millrace.BadInputException;
import io.millrace.cli.command.BenchmarkProvider;
import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.GroupCommand;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Termination;
import io.millrace.cli.command.Version;
import io.millrace.cli.data.ExportCommand;
import io.millrace.cli.data.GenerateCommand;
import io.millrace.cli.data.GetCommand;
import io.millrace.cli.data.ImportEdgesCommand;
import io.millrace.cli.data.ImportGraphBoltCommand;
import io.millrace.cli.data.ImportOgbCommand;
import io.millrace.cli.data.InspectCommand;
import io.millrace.cli.data.PartitionCommand;
import io.millrace.cli.data.SampleCommand;
import io.millrace.cli.data.SplitEdgesCommand;
import io.millrace.cli.host.BundleCommand;
import io.millrace.cli.host.DoctorCommand;
import io.millrace.cli.infer.InferCommand;
import io.millrace.cli.infer.InferOptions;
import io.millrace.cli.ranks.CollectiveKind;
import io.millrace.cli.report.ReportCommand;
import io.millrace.cli.run.RunCommand;
import io.millrace.cli.serve.ServeCommand;
import io.millrace.cli.sweep.SweepCommand;
import io.millrace.cli.train.BalanceProfileCommand;
import io.millrace.cli.train.EvalFanout;
import io.millrace.cli.train.OptimizerKind;
import io.millrace.cli.train.ScheduleChoice;
import io.millrace.cli.train.TaskKind;
import io.millrace.cli.train.TrainCommand;
import io.millrace.cli.train.TuneCommand;
import io.millrace.cli.train.WeightsChoice;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.Split;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.csr.BuildMemory;
import io.millrace.datasets.formats.edgelist.LabelKind;
import io.millrace.datasets.formats.features.MissingValues;
import io.millrace.datasets.formats.features.Normalization;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.generator.GraphGenerator;
import io.millrace.datasets.platform.ByteSize;
import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.HeaderMode;
import io.millrace.ranks.RankSum;
import io.millrace.ranks.params.Staleness;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.IdMapKind;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.TimeRule;
import io.millrace.sampler.link.Negatives;
import io.millrace.serving.models.ModelSettings;
import io.millrace.serving.selection.SelectionPolicy;
import io.millrace.slicing.cache.CacheRanking;
import io.millrace.sweeps.SchedulerKind;
import io.millrace.training.files.ObjectiveText;
import io.millrace.training.inference.Shard;
import io.millrace.training.link.Decoder;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.Metric;
import io.millrace.training.models.JumpingKnowledge.Jump;
import io.millrace.training.models.ModelKind;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.Nonlinearity;
import io.millrace.training.nn.Norm;
import io.millrace.transfer.DeviceChoice;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The {@code millrace} command: in go the arguments, out come results on standard output, progress
 * and errors on standard error, and an exit code.
 *
 * <p>0 is done, 2 is bad input or usage, 1 is an internal error. An error is one line; its stack
 * trace is shown with {@code --debug}. The next class to read is {@link TrainCommand}.
 */
@Command(
    name = "millrace",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Trains graph neural networks on large graphs.",
    footer = "%nBegin with: millrace train          Options of a command: millrace COMMAND --help")
public final class Millrace implements Runnable {
  /** In the order of the help. To make them all takes longer than most of them run. */
  private static final Map<String, Function<Streams, Object>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("train", TrainCommand::new);
    COMMANDS.put("sweep", Millrace::sweep);
    COMMANDS.put("run", Millrace::steps);
    COMMANDS.put("tune", TuneCommand::new);
    COMMANDS.put("balance", Millrace::balance);
    COMMANDS.put("report", ReportCommand::new);
    COMMANDS.put("infer", InferCommand::new);
    COMMANDS.put("serve", ServeCommand::new);
    COMMANDS.put("get", GetCommand::new);
    COMMANDS.put("import", Millrace::imports);
    COMMANDS.put("export", ExportCommand::new);
    COMMANDS.put("generate", GenerateCommand::new);
    COMMANDS.put("split-edges", SplitEdgesCommand::new);
    COMMANDS.put("inspect", InspectCommand::new);
    COMMANDS.put("partition", PartitionCommand::new);
    COMMANDS.put("sample", SampleCommand::new);
    COMMANDS.put("doctor", DoctorCommand::new);
    COMMANDS.put("bundle", BundleCommand::new);
    COMMANDS.put("bench", Millrace::bench);
  }

  @Spec private CommandSpec spec;

  private Millrace() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    AtomicBoolean done = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> reportInterruptedUnless(done)));
    int exitCode = run(args, System.out, System.err);
    done.set(true);
    Termination.done(exitCode);
    System.exit(exitCode);
  }

  /**
   * Runs the command in this JVM.
   *
   * @param out where results go
   * @param err where progress and errors go
   * @return the exit code
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    return execute(commandLine(new Streams(out, err), List.of(args)), args, out, err);
  }

  static int execute(CommandLine command, String[] args, PrintStream out, PrintStream err) {
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    ErrorReporter failures = new ErrorReporter(err, Arrays.asList(args).contains("--debug"));
    command.setParameterExceptionHandler((e, _) -> failures.usage(e));
    command.setExecutionExceptionHandler((e, _, _) -> failures.of(e));
    int exitCode;
    try {
      exitCode = command.execute(args);
    } catch (Error e) { // picocli hands on exceptions only
      exitCode = failures.of(e);
    }
    boolean lost = out.checkError(); // flushes; a PrintStream throws nothing
    if (lost && exitCode == CommandLine.ExitCode.OK) {
      exitCode = failures.lostOutput();
    }
    err.flush();
    return exitCode;
  }

  /** With all commands. */
  static CommandLine commandLine(Streams streams) {
    return commandLine(streams, COMMANDS.keySet());
  }

  /** With the command that the arguments begin with, if they do, and else with all. */
  static CommandLine commandLine(Streams streams, List<String> arguments) {
    String first = arguments.isEmpty() ? "" : arguments.getFirst();
    return COMMANDS.containsKey(first) ? commandLine(streams, Set.of(first)) : commandLine(streams);
  }

  private static CommandLine commandLine(Streams streams, Set<String> names) {
    CommandLine command = new CommandLine(new Millrace());
    for (String name : names) {
      command.addSubcommand(COMMANDS.get(name).apply(streams));
    }
    command.setUsageHelpWidth(100);
    command.setExpandAtFiles(false); // a file's name may begin with @
    command.registerConverter(Fanout.class, text -> checked(text, Fanout::parse));
    command.registerConverter(Draw.class, text -> checked(text, Draw::parse));
    command.registerConverter(EvalFanout.class, text -> checked(text, EvalFanout::parse));
    command.registerConverter(ScheduleChoice.class, text -> checked(text, ScheduleChoice::parse));
    command.registerConverter(WeightsChoice.class, text -> checked(text, WeightsChoice::parse));
    command.registerConverter(ByteSize.class, text -> checked(text, ByteSize::parse));
    command.registerConverter(Path.class, Millrace::path);
    command.registerConverter(URI.class, Millrace::address);
    command.registerConverter(Shard.class, text -> checked(text, Shard::parse));
    EnumOptions.register(command, Aggregator.class);
    command.registerConverter(BuildMemory.class, text -> checked(text, BuildMemory::parse));
    EnumOptions.register(command, CacheRanking.class);
    EnumOptions.register(command, CollectiveKind.class);
    EnumOptions.register(command, DeviceChoice.class);
    EnumOptions.register(command, RankSum.class);
    EnumOptions.register(command, FeatureType.class);
    EnumOptions.register(command, GraphGenerator.class);
    EnumOptions.register(command, HeaderMode.class);
    for (Map.Entry<String, CommandLine> each : command.getSubcommands().entrySet()) {
      if (!each.getKey().equals("bench")) { // it has its own words
        EnumOptions.register(each.getValue(), IdMapKind.class);
      }
    }
    EnumOptions.register(command, InferOptions.Mode.class);
    EnumOptions.register(command, ModelSettings.Mode.class);
    EnumOptions.register(command, SelectionPolicy.class);
    EnumOptions.register(command, TimeRule.Sources.class);
    EnumOptions.register(command, Jump.class);
    command.registerConverter(Loss.class, text -> checked(text, ObjectiveText::loss));
    command.registerConverter(Metric.class, text -> checked(text, ObjectiveText::metric));
    EnumOptions.register(command, ModelKind.class);
    EnumOptions.register(command, Negatives.Kind.class);
    EnumOptions.register(command, Decoder.class);
    EnumOptions.register(command, NodeIdKind.class);
    EnumOptions.register(command, Nonlinearity.class);
    EnumOptions.register(command, Norm.class);
    EnumOptions.register(command, Normalization.class);
    EnumOptions.register(command, MissingValues.class);
    EnumOptions.register(command, LabelKind.class);
    EnumOptions.register(command, TimeUnit.class);
    EnumOptions.register(command, OptimizerKind.class);
    EnumOptions.register(command, SchedulerKind.class);
    EnumOptions.register(command, SweepCommand.AshaForm.class);
    command.registerConverter(Delimiter.class, text -> checked(text, Delimiter::of));
    EnumOptions.register(command, Split.class);
    EnumOptions.register(command, Staleness.Read.class);
    EnumOptions.register(command, StorageMode.class);
    EnumOptions.register(command, TaskKind.class);
    return command;
  }

  /** A sweep reads the options of {@code train} for each trial. */
  private static SweepCommand sweep(Streams streams) {
    return new SweepCommand(streams, () -> commandLine(streams, Set.of("train")));
  }

  private static RunCommand steps(Streams streams) {
    return new RunCommand(streams, name -> commandLine(streams, Set.of(name)));
  }

  private static CommandLine balance(Streams streams) {
    return GroupCommand.of("balance", "task", "Divides a training among unequal machines.")
        .addSubcommand(new BalanceProfileCommand(streams));
  }

  private static CommandLine imports(Streams streams) {
    return GroupCommand.of(
            "import", "format", "Makes a dataset directory from files in another format.")
        .addSubcommand(new ImportOgbCommand(streams))
        .addSubcommand(new ImportGraphBoltCommand(streams))
        .addSubcommand(new ImportEdgesCommand(streams));
  }

  private static CommandLine bench(Streams streams) {
    CommandLine bench =
        GroupCommand.of(
            "bench", "benchmark", "Measures throughput, next to a baseline in the same run.");
    ServiceLoader.load(BenchmarkProvider.class)
        .forEach(provider -> provider.benchmarks(streams).forEach(bench::addSubcommand));
    return bench;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is needed");
  }

  private static void reportInterruptedUnless(AtomicBoolean done) {
    if (!done.get() && !Termination.isAwaited()) {
      String place = Termination.place();
      System.err.println("\nmillrace: interrupted" + (place.isEmpty() ? "" : ": " + place));
    }
  }

  /** The message does not repeat the text, which may hold a password. */
  private static URI address(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException _) {
      throw new TypeConversionException("not an address");
    }
  }

  /** Refuses the empty path, which Java takes for the working directory. */
  private static Path path(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("a path must not be empty");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(
          "no path in the locale's character set, %s: %s"
              .formatted(System.getProperty("sun.jnu.encoding"), e.getReason()));
    }
  }

  /** Turns what a parser refuses into a usage error. */
  private static <T> T checked(String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (BadInputException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}

package io.millrace.bench;

import io.millrace.cli.Choices;
import io.millrace.cli.Streams;
import io.millrace.cli.SubcommandProvider;
import io.millrace.datasets.NodeIdKind;
import picocli.CommandLine;

/** Adds {@code bench} to the {@code millrace} command. The next class is {@link SamplerCommand}. */
public final class BenchCommands implements SubcommandProvider {
  @Override
  public CommandLine subcommand(Streams streams) {
    CommandLine sampler = new CommandLine(new SamplerCommand(streams));
    Choices.register(sampler, MapChoice.class);
    CommandLine jmh = new CommandLine(new JmhCommand());
    jmh.setUnmatchedOptionsArePositionalParams(true); // they are JMH's
    CommandLine imports = new CommandLine(new ImportBenchCommand(streams));
    Choices.register(imports, NodeIdKind.class);
    return new CommandLine(new BenchCommand())
        .addSubcommand(sampler)
        .addSubcommand(imports)
        .addSubcommand(new SlicerCommand(streams))
        .addSubcommand(new TransferCommand(streams))
        .addSubcommand(new StepCommand(streams))
        .addSubcommand(new InferBenchCommand(streams))
        .addSubcommand(new EpochCommand(streams))
        .addSubcommand(jmh);
  }
}

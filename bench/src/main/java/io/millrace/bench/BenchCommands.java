package io.millrace.bench;

import io.millrace.bench.epoch.EpochCommand;
import io.millrace.bench.imports.ImportBenchCommand;
import io.millrace.bench.infer.InferBenchCommand;
import io.millrace.bench.sampler.SamplerCommand;
import io.millrace.bench.slicer.SlicerCommand;
import io.millrace.bench.step.StepCommand;
import io.millrace.bench.transfer.TransferCommand;
import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.GroupCommand;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.SubcommandProvider;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.sampler.IdMapKind;
import picocli.CommandLine;

/** Adds {@code bench} to the {@code millrace} command. The next class is {@link SamplerCommand}. */
public final class BenchCommands implements SubcommandProvider {
  @Override
  public CommandLine subcommand(Streams streams) {
    CommandLine sampler = new CommandLine(new SamplerCommand(streams));
    EnumOptions.register(sampler, IdMapKind.class, SamplerCommand::label);
    CommandLine jmh = new CommandLine(new JmhCommand());
    jmh.setUnmatchedOptionsArePositionalParams(true); // they are JMH's
    CommandLine imports = new CommandLine(new ImportBenchCommand(streams));
    EnumOptions.register(imports, NodeIdKind.class);
    return GroupCommand.of(
            "bench", "benchmark", "Measures throughput, next to a baseline in the same run.")
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

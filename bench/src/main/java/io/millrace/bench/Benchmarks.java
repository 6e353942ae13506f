package io.millrace.bench;

import io.millrace.bench.epoch.EpochCommand;
import io.millrace.bench.harness.DatasetOptions;
import io.millrace.bench.imports.ImportBenchCommand;
import io.millrace.bench.infer.InferBenchCommand;
import io.millrace.bench.report.ReportCommand;
import io.millrace.bench.sampler.SamplerCommand;
import io.millrace.bench.schedulers.SchedulersCommand;
import io.millrace.bench.serve.ServeBenchCommand;
import io.millrace.bench.slicer.SlicerCommand;
import io.millrace.bench.step.StepCommand;
import io.millrace.bench.transfer.TransferCommand;
import io.millrace.cli.command.BenchmarkProvider;
import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.Streams;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.sampler.IdMapKind;
import java.util.List;
import picocli.CommandLine;

/** The subcommands of {@code millrace bench}. The next class to read is {@link SamplerCommand}. */
public final class Benchmarks implements BenchmarkProvider {
  @Override
  public List<CommandLine> benchmarks(Streams streams) {
    CommandLine sampler = withDataset(new SamplerCommand(streams));
    EnumOptions.register(sampler, IdMapKind.class, SamplerCommand::label);
    CommandLine jmh = new CommandLine(new JmhCommand());
    jmh.setUnmatchedOptionsArePositionalParams(true); // they are JMH's
    CommandLine imports = new CommandLine(new ImportBenchCommand(streams));
    EnumOptions.register(imports, NodeIdKind.class);
    CommandLine serve = new CommandLine(new ServeBenchCommand(streams));
    EnumOptions.register(serve, StorageMode.class);
    return List.of(
        sampler,
        imports,
        withDataset(new SlicerCommand(streams)),
        new CommandLine(new TransferCommand(streams)),
        new CommandLine(new StepCommand(streams)),
        withDataset(new InferBenchCommand(streams)),
        serve,
        withDataset(new EpochCommand(streams)),
        new CommandLine(new SchedulersCommand(streams)),
        new CommandLine(new ReportCommand(streams)),
        jmh);
  }

  private static CommandLine withDataset(Object command) {
    return DatasetOptions.register(new CommandLine(command));
  }
}

package io.millrace.cli.host;

import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Machine;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.cli.command.Version;
import io.millrace.cli.data.BuiltInGraph;
import io.millrace.cuda.CudaDevice;
import io.millrace.cuda.CudaProbe;
import io.millrace.datasets.platform.Access;
import io.millrace.datasets.platform.LibraryCache;
import io.millrace.ranks.mpi.MpiCollective;
import io.millrace.slicing.GatherKind;
import io.millrace.slicing.RowGather;
import io.millrace.slicing.disk.DiskFeatures;
import io.millrace.training.torch.TorchDevice;
import io.millrace.training.torch.TorchEngine;
import io.millrace.transfer.DeviceChoice;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Reports what was found on this machine, what is used, and why the rest is not. */
@Command(
    name = "doctor",
    sortOptions = false,
    description = "Reports what was found on this machine, what is used, and why the rest is not.")
@Internal
public final class DoctorCommand extends Subcommand {

  public DoctorCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("millrace", Version.current());
    rows.put("jdk", Machine.jdk() + ", " + System.getProperty("java.home"));
    rows.put("system", Machine.system());
    rows.put("cpu", Machine.cpu());
    rows.put("memory", memory());
    rows.put("mapped files", Access.support());
    rows.put("rows from disk", DiskFeatures.support());
    rows.put("gpu", gpu());
    rows.put("compute", ifUsable(() -> TorchDevice.of(DeviceChoice.AUTO).description()));
    rows.put("libtorch", ifUsable(DoctorCommand::libtorch));
    rows.put("libtorch idle", ifUsable(TorchEngine::idleThreads));
    rows.put("freed memory", ifUsable(TorchEngine::freedMemory));
    rows.put("djl", djl());
    rows.put("mpi", MpiCollective.support());
    rows.put("gather", RowGather.of(GatherKind.AUTO).description());
    rows.put("built-in graph", cached(BuiltInGraph.directory()));
    rows.put("libtorch cache", ifUsable(() -> TorchEngine.cache().toString()));
    rows.put("library cache", ifUsable(() -> LibraryCache.folder().toString()));
    rows.put("proxy", ProxyHint.of(String.valueOf(System.getenv("PATH"))));
    output.table(rows);

    Map<String, Object> result = new LinkedHashMap<>();
    result.put("command", "doctor");
    rows.forEach((name, value) -> result.put(name.replaceAll("[ -]", "_"), value));
    return result;
  }

  private static String memory() {
    return Format.bytes(Machine.memoryBytes())
        + ", of which the Java heap gets at most "
        + Format.bytes(Runtime.getRuntime().maxMemory());
  }

  private static String gpu() {
    return switch (CudaProbe.run()) {
      case CudaProbe.Unusable(String reason) -> "none: " + reason;
      case CudaProbe.Usable usable ->
          usable.devices().stream().map(DoctorCommand::describe).collect(Collectors.joining("; "))
              + ", driver for CUDA "
              + usable.driverVersion()
              + ", runtime "
              + usable.runtimeVersion();
    };
  }

  /** Whatever is wrong with it is what to report. */
  private static String ifUsable(Supplier<String> text) {
    try {
      return text.get();
    } catch (RuntimeException | LinkageError e) {
      return "cannot be used: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
  }

  private static String describe(CudaDevice device) {
    return device.name()
        + ", "
        + Format.bytes(device.totalBytes())
        + ", compute capability "
        + device.computeCapability();
  }

  private static String libtorch() {
    return TorchEngine.version()
        + ", "
        + TorchEngine.computeThreads()
        + " threads, "
        + TorchEngine.path();
  }

  private static String djl() {
    try (InputStream in =
        DoctorCommand.class.getClassLoader().getResourceAsStream("ai/djl/engine/api.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("djl_version");
    } catch (IOException | RuntimeException _) {
      return "unknown";
    }
  }

  private static String cached(Path directory) {
    return directory + (Files.exists(directory) ? "" : " (made on first use)");
  }
}

package io.millrace.cli.data;

import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.formats.pyg.PygExport;
import io.millrace.datasets.platform.PartialDirectory;
import io.millrace.datasets.platform.WriterLock;
import io.millrace.training.files.ModelFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a trained GraphSAGE, or a dataset, for PyG. */
@Command(
    name = "export",
    sortOptions = false,
    description = {
      "Writes for PyG, by the names that it uses: the weights of a trained GraphSAGE to a"
          + " safetensors file, or a dataset to an npz file (edge_index, x, y, masks, and what"
          + " edges carry)."
    },
    footer = {
      "%nA model in Python:",
      "  model = torch_geometric.nn.GraphSAGE(dim, hidden, layers, classes, norm='batch')",
      "      (aggr='max' or 'sum', act='elu' or 'leaky_relu' as it was trained)",
      "  model.load_state_dict(safetensors.torch.load_file(FILE))",
      "And back: millrace train --init FILE",
      "%nA dataset in Python:",
      "  data = torch_geometric.data.Data(",
      "      **{name: torch.from_numpy(array) for name, array in numpy.load(FILE).items()})"
    })
@Internal
public final class ExportCommand extends Subcommand {
  @Parameters(
      paramLabel = "SOURCE",
      description = "The directory of train --save, or a dataset directory.")
  private Path source;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to make.")
  private Path out;

  public ExportCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    boolean isDataset = Files.exists(source.resolve(DatasetDescription.FILE_NAME));
    if (isDataset) {
      exportDataset(output);
    } else {
      exportModel();
    }
    output.result("wrote %s", out);

    Map<String, Object> result = new LinkedHashMap<>();
    result.put("command", "export");
    result.put(isDataset ? "dataset" : "model", source.toString());
    result.put("out", out.toString());
    return result;
  }

  private void exportModel() {
    try (WriterLock _ = WriterLock.ofFile(out)) {
      PartialDirectory.requireFree(out);
      ModelFile.read(source).exportToPyg(out);
    }
  }

  private void exportDataset(Output output) {
    PartialDirectory.requireFree(out); // before the dataset is opened, which can take long
    try (GraphDataset dataset = GraphDataset.open(source, StorageMode.MAPPED);
        StageProgress progress = output.stages()) {
      PygExport.write(dataset, out, progress);
    }
  }
}

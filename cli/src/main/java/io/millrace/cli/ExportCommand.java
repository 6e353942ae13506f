package io.millrace.cli;

import io.millrace.datasets.BadInputException;
import io.millrace.training.ModelFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a trained GraphSAGE for PyG. */
@Command(
    name = "export",
    sortOptions = false,
    description = {
      "Writes the weights of a trained GraphSAGE to a safetensors file, by the names that PyG gives"
          + " them."
    },
    footer = {
      "%nIn Python:",
      "  model = torch_geometric.nn.GraphSAGE(dim, hidden, layers, classes, norm='batch')",
      "      (aggr='max' or 'sum', act='elu' or 'leaky_relu' as it was trained)",
      "  model.load_state_dict(safetensors.torch.load_file(FILE))",
      "And back: millrace train --init FILE"
    })
final class ExportCommand extends Subcommand {
  @Parameters(paramLabel = "MODEL", description = "The directory of train --save.")
  private Path model;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to make.")
  private Path out;

  ExportCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    if (Files.exists(out)) {
      throw BadInputException.of("output exists already", "--out", out);
    }
    ModelFile.read(model).exportToPyg(out);
    output.result("wrote %s", out);

    Map<String, Object> result = new LinkedHashMap<>();
    result.put("command", "export");
    result.put("model", model.toString());
    result.put("out", out.toString());
    return result;
  }
}

package io.millrace.training.files;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.Norm;
import io.millrace.training.torch.GradMode;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of a GraphSAGE under the names that PyG gives them, in a safetensors file.
 *
 * <pre>
 *   PyG, layer l                  here
 *   convs.l.lin_l.weight          conv.l.weight_neighbor    [out x in]
 *   convs.l.lin_l.bias            conv.l.bias               [out]
 *   convs.l.lin_r.weight          conv.l.weight_self        [out x in]
 *   norms.l.module.weight         norm.l.weight             [out]; also bias, running_mean, running_var
 *   norms.l.module.num_batches_tracked                      counts, and is not needed
 * </pre>
 *
 * These are the names of {@code torch_geometric.nn.GraphSAGE} and of its {@code SAGEConv}. Networks
 * written by hand often call their norms {@code bns}, or leave out {@code module}: both are read.
 * Stateless.
 */
@Internal
public final class PygNames {
  private static final Pattern CONVOLUTION =
      Pattern.compile("convs\\.(\\d+)\\.(lin_l\\.weight|lin_l\\.bias|lin_r\\.weight)");
  private static final Pattern NORM =
      Pattern.compile(
          "(?:norms|bns)\\.(\\d+)\\.(?:module\\.)?(weight|bias|running_mean|running_var)");
  private static final String NOT_NEEDED = ".num_batches_tracked";

  private static final String NEIGHBOR = "weight_neighbor";
  private static final String SELF = "weight_self";
  private static final Pattern OWN_CONVOLUTION =
      Pattern.compile("conv\\.(\\d+)\\.(" + NEIGHBOR + "|bias|" + SELF + ")");
  private static final Pattern OWN_NORM =
      Pattern.compile("norm\\.(\\d+)\\.(weight|bias|running_mean|running_var)");

  private PygNames() {}

  /**
   * Reads weights that PyG has written, under our names; the manager owns them.
   *
   * @throws BadInputException if there is no such file, a tensor in it is none of a GraphSAGE, or a
   *     weight is not finite
   */
  public static NDList read(Path path, NDManager manager) {
    SafetensorsFile file = SafetensorsFile.read(path, "file of weights");
    List<String> needed = file.names().stream().filter(name -> !name.endsWith(NOT_NEEDED)).toList();
    needed.forEach(name -> own(name, path));
    file.requireFinite(needed);
    return file.tensors(manager, needed, name -> own(name, path));
  }

  /**
   * Writes weights for PyG: {@code load_state_dict(safetensors.torch.load_file(path))}.
   *
   * @param weights under our names, which they get back
   * @throws BadInputException if one of them is none of a GraphSAGE, or the file cannot be written;
   *     an old file is still there then
   */
  static void write(Path path, NDList weights) {
    Path target = path.toAbsolutePath();
    TensorFile file = new TensorFile("file of weights", target.getFileName().toString(), "format");
    NDList renamed = new NDList();
    try (renamed;
        GradMode _ = GradMode.off()) {
      for (NDArray weight : weights) {
        String name = pyg(weight.getName());
        NDArray copy = weight.duplicate();
        copy.setName(name);
        renamed.add(copy);
      }
      file.write(target.getParent(), renamed, "pt");
    }
  }

  /**
   * Whether PyG's class computes the same with the same weights: it knows no residuals, and its
   * layer normalisation is over all nodes of a graph, not over each by itself.
   *
   * @throws BadInputException if not
   */
  static void requireInPyg(GraphModel model) {
    if (!(model instanceof GraphSage(LayerConfig layers, _))
        || layers.residual()
        || layers.norm() == Norm.LAYER) {
      throw BadInputException.of(
          "PyG has only the GraphSAGE without residuals and layer normalisation", "model", model);
    }
  }

  private static String own(String name, Path path) {
    Matcher norm = NORM.matcher(name);
    if (norm.matches()) {
      return "norm.%s.%s".formatted(norm.group(1), norm.group(2));
    }
    Matcher convolution = CONVOLUTION.matcher(name);
    if (!convolution.matches()) {
      throw BadInputException.of(
          "tensor does not belong to PyG's GraphSAGE", "file", path, "tensor", name);
    }
    String part =
        switch (convolution.group(2)) {
          case "lin_l.weight" -> NEIGHBOR;
          case "lin_r.weight" -> SELF;
          default -> "bias";
        };
    return "conv.%s.%s".formatted(convolution.group(1), part);
  }

  private static String pyg(String name) {
    Matcher norm = OWN_NORM.matcher(name);
    if (norm.matches()) {
      return "norms.%s.module.%s".formatted(norm.group(1), norm.group(2));
    }
    Matcher convolution = OWN_CONVOLUTION.matcher(name);
    if (!convolution.matches()) {
      throw BadInputException.of("PyG's GraphSAGE has no such parameter", "parameter", name);
    }
    String part =
        switch (convolution.group(2)) {
          case NEIGHBOR -> "lin_l.weight";
          case SELF -> "lin_r.weight";
          default -> "lin_l.bias";
        };
    return "convs.%s.%s".formatted(convolution.group(1), part);
  }
}

package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.Network;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The formulas of the models that read edges, over a whole graph, in doubles and apart from the
 * code that they check. Between two layers there is ELU and nothing else.
 */
public final class EdgeReference {
  private final Map<String, Matrix> weights = new HashMap<>();
  private final EdgeGraph edges;
  private final int[][] neighbors;

  public EdgeReference(Network network, EdgeGraph edges) {
    try (NDList copies = network.copy()) {
      for (NDArray copy : copies) {
        weights.put(copy.getName(), Matrix.of(copy));
      }
    }
    this.edges = edges;
    neighbors = edges.graph().neighbors();
  }

  /** A parameter, whose values may be changed. */
  Matrix weight(String name) {
    return weights.get(name);
  }

  public Matrix logits(GraphModel model) {
    LayerConfig layers = ((LayeredModel<?>) model).layers();
    Matrix h = edges.graph().x();
    for (int l = 0; l < layers.count(); l++) {
      String name = "conv." + l + ".";
      boolean isLast = l == layers.count() - 1;
      Matrix z =
          switch (model) {
            case GraphSage _ -> weightedMean(name, h);
            case WeightedGcn _ -> weightedGcn(name, h);
            case Gatv2 gat -> gatv2(gat, !isLast, name, h);
            case Gine _ -> gine(name, h);
            default -> throw new IllegalArgumentException("no reference for " + model);
          };
      h = isLast ? z : z.map(EdgeReference::elu);
    }
    return h;
  }

  private static double elu(double a) {
    return a > 0 ? a : Math.expm1(a);
  }

  private Matrix weightedMean(String name, Matrix h) {
    Matrix means = Matrix.zeros(h.height(), h.width());
    for (int v = 0; v < h.height(); v++) {
      double total = Arrays.stream(edges.weights()[v]).sum();
      for (int i = 0; i < neighbors[v].length; i++) {
        add(means.row(v), total == 0 ? 0 : edges.weights()[v][i] / total, h.row(neighbors[v][i]));
      }
    }
    return means
        .timesTransposed(weight(name + "weight_neighbor"))
        .plusRow(weight(name + "bias"))
        .plus(h.timesTransposed(weight(name + "weight_self")));
  }

  private Matrix weightedGcn(String name, Matrix h) {
    Matrix sum = Matrix.zeros(h.height(), h.width());
    for (int v = 0; v < h.height(); v++) {
      for (int i = 0; i < neighbors[v].length; i++) {
        int u = neighbors[v][i];
        add(sum.row(v), edges.weights()[v][i] / Math.sqrt(degree(u) * degree(v)), h.row(u));
      }
      add(sum.row(v), 1 / degree(v), h.row(v));
    }
    return sum.timesTransposed(weight(name + "weight")).plusRow(weight(name + "bias"));
  }

  private double degree(int v) {
    return 1 + Arrays.stream(edges.weights()[v]).sum();
  }

  private Matrix gine(String name, Matrix h) {
    double eps = weight(name + "eps").row(0)[0];
    Matrix sum = h.map(x -> (1 + eps) * x);
    for (int v = 0; v < h.height(); v++) {
      for (int i = 0; i < neighbors[v].length; i++) {
        double[] message = times(weight(name + "weight_edge"), edges.features()[v][i]);
        add(message, 1, h.row(neighbors[v][i]));
        add(sum.row(v), 1, Arrays.stream(message).map(a -> Math.max(0, a)).toArray());
      }
    }
    return sum.timesTransposed(weight(name + "weight_1"))
        .plusRow(weight(name + "bias_1"))
        .map(EdgeReference::elu)
        .timesTransposed(weight(name + "weight_2"))
        .plusRow(weight(name + "bias_2"));
  }

  private Matrix gatv2(Gatv2 model, boolean concatenates, String name, Matrix h) {
    Matrix s = h.timesTransposed(weight(name + "weight_src")).plusRow(weight(name + "bias_src"));
    Matrix t = h.timesTransposed(weight(name + "weight_dst")).plusRow(weight(name + "bias_dst"));
    int dim = s.width() / model.heads();
    Matrix out = Matrix.zeros(h.height(), concatenates ? s.width() : dim);
    for (int v = 0; v < h.height(); v++) {
      int degree = neighbors[v].length;
      for (int head = 0; head < model.heads(); head++) {
        double[] alpha = new double[degree + 1];
        double[] mean = new double[EdgeGraph.DIM];
        for (int i = 0; i < degree; i++) {
          add(mean, 1.0 / degree, edges.features()[v][i]);
        }
        for (int i = 0; i <= degree; i++) {
          double[] e = i < degree ? edges.features()[v][i] : mean;
          double[] sum =
              model.edgeDim() == 0 ? new double[s.width()] : times(weight(name + "weight_edge"), e);
          add(sum, 1, s.row(i < degree ? neighbors[v][i] : v));
          add(sum, 1, t.row(v));
          double score = 0;
          for (int k = 0; k < dim; k++) {
            double a = sum[head * dim + k];
            score += weight(name + "attention").row(head)[k] * (a > 0 ? a : (double) 0.2f * a);
          }
          alpha[i] = Math.exp(score);
        }
        double total = Arrays.stream(alpha).sum();
        for (int i = 0; i <= degree; i++) {
          double[] row = s.row(i < degree ? neighbors[v][i] : v);
          for (int k = 0; k < dim; k++) {
            out.row(v)[concatenates ? head * dim + k : k] +=
                alpha[i] / total * row[head * dim + k] / (concatenates ? 1 : model.heads());
          }
        }
      }
    }
    return out.plusRow(weight(name + "bias"));
  }

  private static double[] times(Matrix weight, double[] row) {
    return Arrays.stream(weight.rows())
        .mapToDouble(
            w -> {
              double sum = 0;
              for (int k = 0; k < row.length; k++) {
                sum += w[k] * row[k];
              }
              return sum;
            })
        .toArray();
  }

  private static void add(double[] target, double factor, double[] row) {
    for (int k = 0; k < target.length; k++) {
      target[k] += factor * row[k];
    }
  }
}

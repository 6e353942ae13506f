package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.millrace.training.Fault;
import io.millrace.training.models.JumpingKnowledge.Jump;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.Norm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every model's formula over a whole graph, in doubles, written down from its paper and apart from
 * the code it checks; and on demand with a fault in it. Predicts: no dropout, batch normalisation
 * by what it remembers.
 */
public final class Reference {
  private final Map<String, Matrix> weights = new HashMap<>();
  private final int[][] neighbors;
  private final Fault fault;
  private LayerConfig layers;

  public Reference(Network network, int[][] neighbors, Fault fault) {
    try (NDList copies = network.copy()) {
      for (NDArray copy : copies) {
        weights.put(copy.getName(), Matrix.of(copy));
      }
    }
    this.neighbors = neighbors;
    this.fault = fault;
  }

  private boolean is(Fault other) {
    return fault == other;
  }

  private Matrix weight(String name) {
    return weights.get(name);
  }

  /** The logits of all nodes. */
  public Matrix logits(GraphModel model, Matrix x) {
    layers = ((LayeredModel<?>) model).layers();
    return switch (model) {
      case JumpingKnowledge jk -> jumping(jk, x);
      case SageRi _ -> inception(x);
      default -> chain(model, x);
    };
  }

  private Matrix chain(GraphModel model, Matrix x) {
    Matrix h = x;
    for (int l = 0; l < layers.count(); l++) {
      Matrix z = convolution(model, l, h);
      h = l == layers.count() - 1 ? z : plusResidual(l, values(l, z), h);
    }
    return h;
  }

  private Matrix convolution(GraphModel model, int l, Matrix h) {
    String name = "conv." + l + ".";
    return switch (model) {
      case GraphSage sage -> sage(sage.aggregator(), name, h);
      case Gcn _ -> gcn(name, h);
      case Gat gat -> gat(gat.heads(), l < layers.count() - 1, name, h);
      case Gin _ -> gin(name, h);
      case Mlp _ -> linear("linear." + l + ".weight", "linear." + l + ".bias", h);
      default -> throw new IllegalArgumentException("no reference for " + model);
    };
  }

  private Matrix linear(String weight, String bias, Matrix h) {
    Matrix z = h.timesTransposed(weight(weight));
    return is(Fault.NO_BIAS) ? z : z.plusRow(weight(bias));
  }

  private Matrix sage(Aggregator aggregator, String name, Matrix h) {
    Matrix gathered = Matrix.zeros(h.height(), h.width());
    for (int v = 0; v < h.height(); v++) {
      for (int k = 0; k < h.width(); k++) {
        double[] values = new double[neighbors[v].length];
        for (int i = 0; i < values.length; i++) {
          values[i] = h.row(neighbors[v][i])[k];
        }
        gathered.row(v)[k] =
            switch (is(Fault.SUM_FOR_MEAN) ? Aggregator.SUM : aggregator) {
              case MEAN -> Arrays.stream(values).average().orElse(0);
              case MAX -> Arrays.stream(values).max().orElse(0);
              case SUM -> Arrays.stream(values).sum();
              case WEIGHTED_MEAN -> throw new IllegalArgumentException("see EdgeReference");
            };
      }
    }
    Matrix z = linear(name + "weight_neighbor", name + "bias", gathered);
    return is(Fault.NO_ROOT_WEIGHT) ? z : z.plus(h.timesTransposed(weight(name + "weight_self")));
  }

  private Matrix gcn(String name, Matrix h) {
    Matrix sum = Matrix.zeros(h.height(), h.width());
    for (int v = 0; v < h.height(); v++) {
      double dv = is(Fault.NO_DEGREE_OF_DESTINATION) ? 1 : neighbors[v].length + 1;
      for (int u : neighbors[v]) {
        double du = is(Fault.NO_DEGREE_OF_SOURCE) ? 1 : neighbors[u].length + 1;
        add(sum.row(v), 1 / Math.sqrt(du * dv), h.row(u));
      }
      if (!is(Fault.NO_SELF_LOOP)) {
        add(sum.row(v), 1 / dv, h.row(v));
      }
    }
    return linear(name + "weight", name + "bias", sum);
  }

  private Matrix gin(String name, Matrix h) {
    double eps = is(Fault.NO_EPS) ? 0 : weight(name + "eps").row(0)[0];
    Matrix sum = h.map(value -> (1 + eps) * value);
    for (int v = 0; v < h.height(); v++) {
      for (int u : neighbors[v]) {
        add(sum.row(v), 1, h.row(u));
      }
    }
    Matrix hidden = linear(name + "weight_1", name + "bias_1", sum);
    hidden = activated(normalised(name + "norm.", hidden));
    return linear(name + "weight_2", name + "bias_2", hidden);
  }

  private Matrix gat(int heads, boolean concatenates, String name, Matrix h) {
    Matrix z = h.timesTransposed(weight(name + "weight"));
    int dim = z.width() / heads;
    Matrix joined = null;
    for (int head = 0; head < heads; head++) {
      int first = is(Fault.HEADS_MIXED) ? 0 : head * dim;
      Matrix own = z.columns(first, first + dim);
      Matrix out = attention(own, name, head);
      joined = joined == null ? out : concatenates ? joined.beside(out) : joined.plus(out);
    }
    if (!concatenates) {
      joined = joined.map(value -> value / heads);
    }
    return is(Fault.NO_BIAS) ? joined : joined.plusRow(weight(name + "bias"));
  }

  private Matrix attention(Matrix z, String name, int head) {
    int n = z.height();
    double[][] exponent = new double[n][]; // of destination v, edge by edge
    double[] total = new double[n];
    for (int v = 0; v < n; v++) {
      List<Integer> sources = withItself(v);
      exponent[v] = new double[sources.size()];
      for (int i = 0; i < sources.size(); i++) {
        int u = sources.get(i);
        double e =
            dot(z.row(u), weight(name + "attention_src").row(head))
                + dot(z.row(v), weight(name + "attention_dst").row(head));
        double slope = is(Fault.NO_SLOPE) ? 1 : 0.2;
        exponent[v][i] = Math.exp(e > 0 ? e : slope * e);
        total[is(Fault.SOFTMAX_OVER_DESTINATIONS) ? u : v] += exponent[v][i];
      }
    }
    Matrix out = Matrix.zeros(n, z.width());
    for (int v = 0; v < n; v++) {
      List<Integer> sources = withItself(v);
      for (int i = 0; i < sources.size(); i++) {
        int u = sources.get(i);
        double sum = total[is(Fault.SOFTMAX_OVER_DESTINATIONS) ? u : v];
        double alpha = is(Fault.NO_SOFTMAX) ? exponent[v][i] : exponent[v][i] / sum;
        add(out.row(v), alpha, z.row(u));
      }
    }
    return out;
  }

  private List<Integer> withItself(int v) {
    List<Integer> all = new ArrayList<>(Arrays.stream(neighbors[v]).boxed().toList());
    if (!is(Fault.NO_SELF_LOOP)) {
      all.add(v);
    }
    return all;
  }

  private Matrix jumping(JumpingKnowledge model, Matrix x) {
    Matrix h = x;
    Matrix jumped = null;
    for (int l = 0; l < layers.count(); l++) {
      Matrix z = sage(Aggregator.MEAN, "conv." + l + ".", h);
      h = plusResidual(l, values(l, z), h);
      if (jumped == null) {
        jumped = h;
      } else if (model.jump() == Jump.CAT) {
        jumped = jumped.beside(is(Fault.LAST_LAYER_ONLY) ? h.map(_ -> 0) : h);
      } else {
        jumped = is(Fault.LAST_LAYER_ONLY) ? h : jumped.with(h, Math::max);
      }
    }
    return linear("head.weight", "head.bias", jumped);
  }

  private Matrix inception(Matrix features) {
    Matrix x = features;
    Matrix all = is(Fault.NO_FEATURES_IN_HEAD) ? features.map(_ -> 0) : features;
    for (int l = 0; l < layers.count(); l++) {
      Matrix values = values(l, sage(Aggregator.MEAN, "conv." + l + ".", x));
      x = plusResidual(l, values, x);
      all = all.beside(is(Fault.RESIDUAL_IN_HEAD) ? x : values);
    }
    Matrix hidden = linear("head.0.weight", "head.0.bias", all);
    hidden = activated(normalised("head.norm.", hidden));
    return linear("head.1.weight", "head.1.bias", hidden);
  }

  private Matrix values(int l, Matrix z) {
    return activated(normalised("norm." + l + ".", z));
  }

  private Matrix plusResidual(int l, Matrix values, Matrix before) {
    if (!layers.residual() || is(Fault.NO_RESIDUAL)) {
      return values;
    }
    Matrix projection = weight("residual." + l + ".weight");
    return values.plus(projection == null ? before : before.timesTransposed(projection));
  }

  private Matrix activated(Matrix z) {
    return is(Fault.NO_ACTIVATION)
        ? z
        : switch (layers.activation()) {
          case RELU -> z.map(a -> Math.max(0, a));
          case LEAKY_RELU -> z.map(a -> a > 0 ? a : 0.01 * a);
          case ELU -> z.map(a -> a > 0 ? a : Math.expm1(a));
        };
  }

  private Matrix normalised(String name, Matrix z) {
    if (layers.norm() == Norm.NONE || is(Fault.NO_NORM)) {
      return z;
    }
    Matrix result = Matrix.zeros(z.height(), z.width());
    for (int i = 0; i < z.height(); i++) {
      double rowMean = Arrays.stream(z.row(i)).average().orElseThrow();
      double rowVar =
          Arrays.stream(z.row(i)).map(a -> (a - rowMean) * (a - rowMean)).average().orElseThrow();
      for (int k = 0; k < z.width(); k++) {
        boolean batch = layers.norm() == Norm.BATCH;
        double mean = batch ? weight(name + "running_mean").row(0)[k] : rowMean;
        double var = batch ? weight(name + "running_var").row(0)[k] : rowVar;
        double unit = (z.row(i)[k] - mean) / Math.sqrt(var + 1e-5);
        result.row(i)[k] =
            unit * weight(name + "weight").row(0)[k] + weight(name + "bias").row(0)[k];
      }
    }
    return result;
  }

  private static void add(double[] target, double factor, double[] row) {
    for (int k = 0; k < target.length; k++) {
      target[k] += factor * row[k];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }
}

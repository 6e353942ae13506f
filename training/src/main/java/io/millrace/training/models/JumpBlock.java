package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.Columns;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LinearLayer;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.nn.NormActDropout;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of {@link JumpingKnowledge}. The states between the layers, {@code h_l} being what
 * layer {@code l} gives, counted from 1:
 *
 * <pre>
 *   CAT   after layer l  h_1 ... h_l
 *   MAX   after layer 1  h_1;  then  max(h_1 ... h_l), h_l;  after the last  max(h_1 ... h_L)
 * </pre>
 *
 * So {@code h_l} always comes last. Parameters: those of {@link SageConvolution} and {@link
 * NormActDropout}, and {@code head.weight}, {@code head.bias}. Not thread-safe in training.
 */
final class JumpBlock extends GraphBlock {
  private final Jump jump;
  private final int width;
  private final List<SageConvolution> convolutions = new ArrayList<>();
  private final List<NormActDropout> hidden = new ArrayList<>();
  private final LinearLayer head;

  JumpBlock(JumpingKnowledge model, int inputDim, int numClasses) {
    super(model.numHops(), widths(model, inputDim, numClasses));
    jump = model.jump();
    width = model.layers().hidden();
    for (int l = 0; l < numHops(); l++) {
      int in = l == 0 ? inputDim : width;
      convolutions.add(SageConvolution.of(Aggregator.MEAN, l, in, width));
      hidden.add(new NormActDropout(model.layers(), l, in, width));
      convolutions.getLast().parameters().forEach(this::addParameter);
      hidden.getLast().parameters().forEach(this::addParameter);
    }
    head = LinearLayer.withBias("head.weight", "head.bias", stateDim(numHops()), numClasses);
    head.parameters().forEach(this::addParameter);
  }

  private static int[] widths(JumpingKnowledge model, int inputDim, int numClasses) {
    int numHops = model.numHops();
    int[] widths = new int[numHops + 2];
    widths[0] = inputDim;
    for (int l = 1; l <= numHops; l++) {
      boolean alone = l == 1 || l == numHops;
      int parts = model.jump() == Jump.CAT ? l : alone ? 1 : 2;
      widths[l] = parts * model.layers().hidden();
    }
    widths[numHops + 1] = numClasses;
    return widths;
  }

  @Override
  protected NDArray layer(int layer, NDArray state, MfgTensors edges, ForwardPass pass) {
    if (layer == numHops()) {
      return head.forward(pass, state);
    }
    NDArray h = layer == 0 ? state : Columns.last(state, width);
    NDArray z = convolutions.get(layer).forward(pass, h, edges);
    NDArray next = hidden.get(layer).forward(pass, z, edges.destinations(h));
    return layer == 0 ? next : joined(edges.destinations(state), next, layer == numHops() - 1);
  }

  private NDArray joined(NDArray before, NDArray next, boolean last) {
    return switch (jump) {
      case CAT -> before.concat(next, 1);
      case MAX -> {
        NDArray greatest = Columns.first(before, width).maximum(next);
        yield last ? greatest : greatest.concat(next, 1);
      }
    };
  }
}

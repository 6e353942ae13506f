package io.millrace.training;

import io.millrace.BadInputException;

/**
 * How the seeds of a batch are divided and computed (Or, Zhang and Freedman, "VirtualFlow:
 * Decoupling Deep Learning Models from the Underlying Hardware", MLSys 2022).
 *
 * <p>A virtual node is a part of a batch: sampled, normalised and dropped out by itself. Their
 * gradients are added up in their order before the weights move, so the result depends on their
 * number alone, not on how many are computed at a time: that decides how much memory is needed.
 *
 * @param number that each batch is divided into
 * @param perWave that are in memory at a time, forward one after the other, then backward
 */
record VirtualNodes(int number, int perWave) {
  VirtualNodes {
    if (number < 1 || perWave < 1 || perWave > number) {
      throw BadInputException.of(
          "a wave has at least one virtual node, and at most those of a batch",
          "perWave",
          perWave,
          "virtualNodes",
          number);
    }
  }
}

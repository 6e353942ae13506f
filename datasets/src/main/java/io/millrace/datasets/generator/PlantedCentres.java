package io.millrace.datasets.generator;

import java.util.SplittableRandom;

/**
 * The centres of the communities' features: random directions, all of one length, chosen so that
 * features alone reveal the community of about {@link #ACCURACY} of the nodes.
 *
 * <p>A node's features are its centre plus standard normal noise in every column. The best
 * classifier takes the centre with the largest inner product. If the directions are orthogonal (and
 * random ones nearly are, in more columns than classes) those products are independent standard
 * normals, the right one shifted by the length s. It is the largest with probability {@code
 * integral of pdf(z) cdf(z + s)^(classes - 1) dz}, which rises with s; bisection finds s.
 */
final class PlantedCentres {
  private static final double ACCURACY = 0.6;

  private PlantedCentres() {}

  static float[][] of(int numClasses, int dim, long seed) {
    SplittableRandom random = RandomStream.FEATURES.chunk(seed, -1);
    double length = length(numClasses);
    float[][] centres = new float[numClasses][dim];
    for (float[] centre : centres) {
      double[] direction = new double[dim];
      double squares = 0;
      for (int column = 0; column < dim; column++) {
        direction[column] = random.nextGaussian();
        squares += direction[column] * direction[column];
      }
      for (int column = 0; column < dim; column++) {
        centre[column] = (float) (length * direction[column] / Math.sqrt(squares));
      }
    }
    return centres;
  }

  static double length(int numClasses) {
    double low = 0;
    double high = 20;
    for (int step = 0; step < 40; step++) {
      double middle = (low + high) / 2;
      if (accuracy(middle, numClasses) < ACCURACY) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** Both integrals in steps of 0.01 from -8 to 8: the running sum of the pdf is the cdf. */
  static double accuracy(double length, int numClasses) {
    double step = 0.01;
    double accuracy = 0;
    double cdf = pdf(-8, step);
    double cdfAt = -8;
    for (double z = -8; z < 8; z += step) {
      for (; cdfAt < z + length && cdfAt < 8; cdfAt += step) {
        cdf += pdf(cdfAt, step);
      }
      accuracy += pdf(z, step) * StrictMath.pow(Math.min(1, cdf), numClasses - 1);
    }
    return accuracy;
  }

  /** Probability that a standard normal falls into a step at {@code z}. */
  private static double pdf(double z, double step) {
    return step * StrictMath.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }
}

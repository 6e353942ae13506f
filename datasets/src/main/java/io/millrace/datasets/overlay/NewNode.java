package io.millrace.datasets.overlay;

/**
 * A node that a dataset does not have: what it is and what it aggregates from.
 *
 * @param features one value per column of the dataset's features
 * @param neighbors ids of the nodes that it aggregates from, in any order; one that occurs twice
 *     counts once
 */
public record NewNode(float[] features, int... neighbors) {}

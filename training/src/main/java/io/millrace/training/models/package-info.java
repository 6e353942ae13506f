/**
 * The models, one file each: settings, layer and network. Begin with {@link
 * io.millrace.training.models.GraphSage}.
 *
 * <p><b>To add a model</b>: write its record here and give it a line in {@link
 * io.millrace.training.models.ModelKind}, by which {@code train --model} knows it, and a line in
 * {@code SettingsText.NAMES} of the package {@code training}, which is the name that checkpoints
 * store.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A model is a record of plain values. Its components are stored as the settings in a model
 *       file, its {@code ModelKind} as the kind. A user's own model is stored by its class name and
 *       read back where the class is on the class path.
 *   <li>Parameter names are those in the weights file and do not change between versions.
 *   <li>GCN uses the degrees of the whole graph, so its layer is correct in expectation under
 *       sampling. Trained on fanout 10,10 (3 and 2 seeds), test accuracy in % with all neighbours
 *       (with 10,10 in brackets) on cora and facebook-pagepage: 81.5 (81.4) and 94.0 (93.4). With
 *       the plain sum of the sample it is 80.2 (80.1) and 93.2 (93.0); with the mean of the sample
 *       and the node itself, which needs no degrees, 81.4 (81.2) and 93.8 (93.4).
 *   <li>The number of edge features is a setting of the model ({@code edgeDim}), as in PyG, so the
 *       model file says it. Weights are named by the kind: {@code WeightedGcn} is a model of its
 *       own, so that files and checkpoints of {@code Gcn} keep their text.
 * </ul>
 */
package io.millrace.training.models;

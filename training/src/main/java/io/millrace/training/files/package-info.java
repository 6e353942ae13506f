/**
 * Files of a training: safetensors for models and checkpoints, with a checksum, and parameters
 * under the names of PyG.
 *
 * <p>Begin with {@link io.millrace.training.files.ModelFile}, or with SafetensorsFile for the
 * format.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A model file names its class.</b> A model that is a user's own record is read back if
 *       the record is on the class path. The class is checked to be a model before any of its code
 *       runs.
 *   <li><b>A file is replaced as a whole.</b> Tensors and their description are in one file, which
 *       is written under another name, forced to disk and renamed.
 * </ul>
 */
package io.millrace.training.files;

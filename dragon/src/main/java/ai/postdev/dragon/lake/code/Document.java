package ai.postdev.dragon.lake.code;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.WorkspaceId;

/**
 * One version of one file of one workspace.
 *
 * @param path project-relative, {@code /} between names
 * @param hash of the stored UTF-8 text
 * @param size bytes of the stored text
 * @param modifiedMillis of the file on disk when it was read
 * @param fileSize bytes of the file on disk when it was read
 * @param sequence of the operation that put it, in the sequence of the workspace's node
 * @param time of that operation
 */
public record Document(
        WorkspaceId workspace,
        String path,
        ContentHash hash,
        long size,
        Language language,
        long modifiedMillis,
        long fileSize,
        long sequence,
        HybridTime time) {}

package ai.postdev.dragon.lake.code;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.syntax.Syntax;

/**
 * A chunk and the document it stands in.
 *
 * @param hash of the chunk's own UTF-8 bytes: the key of its embedding
 */
public record ChunkHit(Document document, Syntax.Chunk chunk, ContentHash hash) {}

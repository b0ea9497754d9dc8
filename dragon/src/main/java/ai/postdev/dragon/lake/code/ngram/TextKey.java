package ai.postdev.dragon.lake.code.ngram;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;

/** What a text is called outside a running program, where it has a number. */
public record TextKey(ContentHash hash, Language language) {}

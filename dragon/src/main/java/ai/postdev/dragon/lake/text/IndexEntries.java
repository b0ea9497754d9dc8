package ai.postdev.dragon.lake.text;

import ai.postdev.actors.code.Language;
import ai.postdev.dragon.lake.text.Definitions.Definition;
import ai.postdev.dragon.lake.text.Passages.Passage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.util.BytesRef;

/** Makes the entries of the index. Reuses its Lucene documents, so each is valid until the next call; one thread. */
final class IndexEntries {
    private static final byte[] NOTHING = {};
    private static final FieldType TERMS = new FieldType();

    static {
        TERMS.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        TERMS.setTokenized(true);
        TERMS.freeze();
    }

    private final Field key = new StringField(TextIndex.KEY, "", Field.Store.NO);
    // Not sorted and shared by entries: reading would unpack a block of keys for each hit.
    private final BinaryDocValuesField keyValue = new BinaryDocValuesField(TextIndex.KEY, new BytesRef());
    private final Field language = new StringField(TextIndex.LANGUAGE, "", Field.Store.NO);

    private final TermCounts bodyTerms = new TermCounts();
    private final CodeTokenStream defineTerms = new CodeTokenStream();
    private final NumericDocValuesField lines = new NumericDocValuesField(TextIndex.LINES, 0);
    private final Field body = new Field(TextIndex.BODY, bodyTerms, TERMS);
    private final Field defines = new Field(TextIndex.DEFINES, defineTerms, TERMS);
    private final Document passage = new Document();

    private final CodeTokenStream pathTerms = new CodeTokenStream();
    private final CodeTokenStream fileDefineTerms = new CodeTokenStream();
    private final Field path = new Field(TextIndex.PATH, pathTerms, TERMS);
    private final Field fileDefines = new Field(TextIndex.FILE_DEFINES, fileDefineTerms, TERMS);
    // A field that only some entries have costs a search among these entries for each occurrence of each term, when the
    // index is written and merged. Files have no words in these two, but they have the fields.
    private final CodeTokenStream nothing = new CodeTokenStream();
    private final Field noBody = new Field(TextIndex.BODY, nothing, TERMS);
    private final Field noDefines = new Field(TextIndex.DEFINES, nothing, TERMS);
    private final BinaryDocValuesField hash = new BinaryDocValuesField(TextIndex.HASH, new BytesRef());
    private final Document file = new Document();

    IndexEntries() {
        List.of(key, keyValue, language, lines, body, defines).forEach(passage::add);
        List.of(key, keyValue, language, path, fileDefines, noBody, noDefines, hash)
                .forEach(file::add);
    }

    /** A passage: its terms, those of the names it defines, its lines. The names are also added to {@code names}. */
    Document passage(String docKey, Language lang, byte[] text, Passage cut, StringBuilder names) {
        name(docKey, lang);
        lines.setLongValue((long) cut.startLine() << 32 | cut.endLine());
        body.setTokenStream(bodyTerms.over(text, cut.startByte(), cut.endByte()));
        StringBuilder here = new StringBuilder();
        for (Definition definition : Definitions.in(text, cut.startByte(), cut.endByte(), cut.startLine())) {
            here.append(definition.name()).append(' ');
        }
        names.append(here);
        defines.setTokenStream(over(defineTerms, here));
        return passage;
    }

    /** A file: the terms of its path and of all names it defines, and its content's hash. */
    Document file(String docKey, ai.postdev.dragon.lake.code.Document document, StringBuilder names) {
        name(docKey, document.language());
        path.setTokenStream(over(pathTerms, document.path()));
        fileDefines.setTokenStream(over(fileDefineTerms, names));
        noBody.setTokenStream(nothing.over(NOTHING, 0, 0));
        noDefines.setTokenStream(nothing);
        hash.setBytesValue(new BytesRef(document.hash().toBytes()));
        return file;
    }

    private void name(String docKey, Language lang) {
        key.setStringValue(docKey);
        keyValue.setBytesValue(new BytesRef(docKey));
        language.setStringValue(lang.id());
    }

    private static CodeTokenStream over(CodeTokenStream stream, CharSequence text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return stream.over(bytes, 0, bytes.length);
    }
}

package ai.postdev.mlx.token;

import ai.postdev.mlx.file.ModelFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a text into words before their bytes are paired, as the family that the file names does it. */
final class PreTokenizer {
    private static final String ENDINGS = "'s|'t|'re|'ve|'m|'ll|'d";
    private static final String ANY_CASE = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
    private static final String GPT2 = ENDINGS + "| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";
    private static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private final List<Pattern> patterns;
    private final boolean wholeWords;

    private PreTokenizer(boolean wholeWords, String... patterns) {
        this.wholeWords = wholeWords;
        this.patterns = java.util.Arrays.stream(patterns)
                .map(text -> Pattern.compile(text, Pattern.UNICODE_CHARACTER_CLASS))
                .toList();
    }

    static PreTokenizer named(String name) throws ModelFileException {
        return switch (name) {
            case "smollm", "starcoder", "refact", "command-r", "codeshell" -> new PreTokenizer(false, "\\p{N}", GPT2);
            case "default", "gpt-2", "phi-2", "roberta-bpe" -> new PreTokenizer(false, GPT2);
            case "llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral" ->
                new PreTokenizer(true, ANY_CASE + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}" + REST);
            case "qwen2", "deepseek-r1-qwen", "stablelm2", "hunyuan" ->
                new PreTokenizer(false, ANY_CASE + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" + REST);
            case "tekken" ->
                new PreTokenizer(
                        true,
                        "[^\\r\\n\\p{L}\\p{N}]?((?=[\\p{L}])([^a-z]))*((?=[\\p{L}])([^A-Z]))+"
                                + "|[^\\r\\n\\p{L}\\p{N}]?((?=[\\p{L}])([^a-z]))+((?=[\\p{L}])([^A-Z]))*|\\p{N}"
                                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
            default ->
                throw new ModelFileException("the file cuts words as " + name
                        + " does, which is not known here; gpt-2, smollm, llama-bpe, qwen2, tekken and their kin are");
        };
    }

    /** Whether a word that is a token by itself is taken as it is. */
    boolean wholeWords() {
        return wholeWords;
    }

    List<String> words(String text) {
        List<String> words = List.of(text);
        for (Pattern pattern : patterns) {
            List<String> next = new ArrayList<>();
            for (String word : words) {
                cut(word, pattern, next);
            }
            words = next;
        }
        return words;
    }

    /** What no pattern matches is a word of its own. */
    private static void cut(String text, Pattern pattern, List<String> to) {
        Matcher matcher = pattern.matcher(text);
        int from = 0;
        while (matcher.find()) {
            if (matcher.start() > from) {
                to.add(text.substring(from, matcher.start()));
            }
            if (matcher.end() > matcher.start()) {
                to.add(matcher.group());
            }
            from = matcher.end();
        }
        if (from < text.length()) {
            to.add(text.substring(from));
        }
    }
}

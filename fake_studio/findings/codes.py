"""Every code that a finding may have: how bad it is, what it means, and what to do. docs/findings.md tells them too."""

from __future__ import annotations

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Code:
    """The meaning of one code. ``severity`` is ``error`` (a verdict is no longer ok) or ``warning``."""

    severity: str
    meaning: str
    cure: str


CODES: dict[str, Code] = {
    # Nodes that Studio counts as incomplete (Studio models.py ContentNode.mark_complete)
    "title-missing": Code(ERROR, "The node has no title.", "Give it a title."),
    "license-missing": Code(ERROR, "The resource has no license.", "Pass a license to the node."),
    "license-description-missing": Code(
        ERROR, "A custom license (Special Permissions) has no description.", "Pass its description."
    ),
    "copyright-holder-missing": Code(
        ERROR, "The license needs a copyright holder, and none is given.", "Pass copyright_holder with the license."
    ),
    "default-file-missing": Code(
        ERROR, "The resource has no file but thumbnails and subtitles.", "Check the chef's log for why its file failed."
    ),
    "questions-missing": Code(
        ERROR,
        "The exercise has no question with a text and a complete answer.",
        "Add questions or remove the exercise.",
    ),
    "mastery-missing": Code(
        ERROR, "The exercise does not say when it is mastered.", "Pass exercise_data with a mastery_model."
    ),
    "criteria-missing": Code(
        ERROR, "A topic with the modality UNIT has no completion criteria.", "Give it a pre- and post-test."
    ),
    "criteria-invalid": Code(ERROR, "The completion criteria do not fit the kind.", "Use a model that fits."),
    # Files
    "file-never-uploaded": Code(
        ERROR,
        "A file is referenced but was never uploaded.",
        "Upload it first; Studio rejects the whole batch otherwise.",
    ),
    "file-never-used": Code(
        WARNING, "A file was uploaded but nothing uses it.", "Find the node that should use it; it may be missing."
    ),
    "file-bytes-differ": Code(
        ERROR, "The stored bytes do not match the checksum in the file's name.", "Upload the file again."
    ),
    "file-size-differs": Code(
        WARNING, "The declared size differs from the size of the stored file.", "Send the file's real size."
    ),
    "file-extension-differs": Code(
        ERROR, "The content has another format than the extension says.", "Use the extension that matches the content."
    ),
    "file-language-unknown": Code(
        ERROR,
        "A file's language is not in le_utils: Studio drops the file and the node's remaining files.",
        "Use a language code of le_utils, such as 'en' or 'pt-BR'.",
    ),
    "thumbnail-unreadable": Code(WARNING, "A thumbnail is not a readable image.", "Make it a PNG or JPEG."),
    "channel-thumbnail-missing": Code(WARNING, "The channel has no thumbnail.", "Pass channel_thumbnail."),
    "channel-thumbnail-lost": Code(
        ERROR, "The channel names a thumbnail that was never uploaded.", "Upload it before create_channel."
    ),
    # Questions
    "question-image-missing": Code(
        ERROR,
        "A question shows an image that is not in the package: learners see a broken picture.",
        "Check the chef's log for the image error; in Perseus, use file: or https: addresses for images.",
    ),
    "question-widget-missing": Code(
        ERROR,
        "A Perseus question uses a widget that it does not define: learners see a gap.",
        "Define the widget in widgets, or remove its marker from the text.",
    ),
    "question-not-answerable": Code(
        ERROR, "A question of the exercise cannot be answered.", "Give each question a text and a correct answer."
    ),
    "answer-not-a-number": Code(
        WARNING,
        "A typed answer is not a number: Kolibri's field takes 7, -1.5, 3/4 and 1 1/2, and counts the rest as wrong.",
        "Expect a number, or use a choice question.",
    ),
    "perseus-invalid": Code(
        ERROR, "A question is not valid Perseus: Kolibri shows an error in its place.", "Export the question again."
    ),
    "mastery-unreachable": Code(
        ERROR, "The exercise cannot be mastered.", "Pass whole numbers m and n with m from 1 to n."
    ),
    # Texts
    "text-looks-wrong": Code(
        WARNING,
        "A text will not display as intended.",
        "Decode it as UTF-8, unescape its HTML, and write formulas between $$ and $$.",
    ),
    # Subtitles
    "subtitle-language-missing": Code(
        ERROR, "Subtitles have no language: the player does not offer them.", "Pass language to SubtitleFile."
    ),
    "subtitle-repeated": Code(
        WARNING,
        "Several subtitles of a video have the same language: learners cannot tell them apart.",
        "Keep one for each language, or use a regional code such as en-GB.",
    ),
    "subtitle-language-doubtful": Code(
        WARNING,
        "Subtitles are not in the script of their language: the language may be wrong.",
        "Check the language of SubtitleFile.",
    ),
    "subtitle-after-the-end": Code(
        WARNING,
        "Subtitles continue after the end of the video: they may belong to another version, and are never shown.",
        "Use the subtitles of this video.",
    ),
    # Questions
    "question-image-shared": Code(
        WARNING,
        "Several questions share an image: in Studio's QTI package only the last of them has it.",
        "Give each question its own image file.",
    ),
    "question-needs-qti": Code(
        WARNING,
        "The exercise is published as QTI only: a Kolibri without a QTI viewer does not show it.",
        "Use single choice, multiple choice or text entry, and put raw Perseus into a separate exercise.",
    ),
    # What is inside files
    "file-empty": Code(ERROR, "A file is empty: it has 0 bytes.", "Download it again and check the response."),
    "archive-reference-missing": Code(
        ERROR,
        "An archive refers to a file that is not in it or cannot be used.",
        "Add the file under exactly that name, and reference it relative to the page.",
    ),
    "archive-needs-web": Code(
        WARNING,
        "An archive loads a part from the web, and learners are offline.",
        "Add that part to the archive and reference it there.",
    ),
    "archive-link-dead": Code(
        WARNING,
        "A page of an archive links to something that is not in it.",
        "Add the target or remove the link.",
    ),
    "archive-damaged": Code(
        ERROR, "An archive, or a part that it cannot be opened without, is damaged.", "Make or download it again."
    ),
    "document-locked": Code(
        ERROR, "A file is encrypted: Kolibri supports neither DRM nor passwords.", "Use an unprotected copy."
    ),
    "document-unreadable": Code(ERROR, "A document cannot be opened.", "Make or download it again."),
    "image-unreadable": Code(ERROR, "An image cannot be displayed completely.", "Make or download it again."),
    "media-not-playable": Code(
        ERROR,
        "A video or audio file does not play in browsers.",
        "Encode it as MP4 with H.264 (8 bit, 4:2:0) and AAC, as WebM, or as MP3.",
    ),
    "media-without-sound": Code(
        WARNING, "Browsers play the video without sound.", "Encode the audio as AAC, MP3, Opus or Vorbis."
    ),
    "media-cut-short": Code(ERROR, "A video or audio file is cut off: bytes are missing.", "Download it again."),
    "subtitle-unreadable": Code(
        ERROR, "Subtitles cannot be read: they do not appear.", "Save them as WebVTT in UTF-8."
    ),
    # Trees
    "topic-empty": Code(
        WARNING, "This topic is empty, so it will not be published.", "Add content or remove the topic."
    ),
    "channel-empty": Code(ERROR, "No resource arrived.", "Check what the chef found: its source may have changed."),
    "node-id-repeated": Code(
        ERROR, "Two siblings have the same node_id.", "Give them different source_ids: node_ids derive from them."
    ),
    "node-id-in-two-places": Code(
        ERROR, "The same node_id is used twice; Kolibri keeps only one of the two nodes.", "Use different source_ids."
    ),
    "language-missing": Code(ERROR, "The channel has no language: it cannot be published.", "Pass channel_language."),
    "preset-wrong-for-kind": Code(
        ERROR,
        "A file's preset does not fit the node's kind or the file's extension: Kolibri has no viewer for it.",
        "Use the node and file classes of ricecooker that belong together, such as VideoNode and VideoFile.",
    ),
    "topic-for-coaches-only": Code(
        WARNING,
        "All resources of the topic are for coaches: learners see an empty folder.",
        "Add a resource for learners, or set the topic's role to coach.",
    ),
    "twin-resources": Code(
        WARNING, "One folder has the same resource twice: same title, same content.", "Add it once."
    ),
    "content-id-shared": Code(
        WARNING,
        "Different resources have the same content_id: progress in one counts as progress in the others.",
        "Give each its own source_id (or content_id), even in different topics.",
    ),
    "channel-language-unused": Code(
        WARNING,
        "No resource has the channel's language: learners who filter by language do not find it.",
        "Pass the language of the resources as channel_language, or 'mul' for several.",
    ),
    "role-unknown": Code(WARNING, "The role is not a role of le_utils.", "Use 'learner' or 'coach'."),
    "kind-missing": Code(ERROR, "The node has no kind: nothing can show it.", "Set a content kind of le_utils."),
    "quota-broken-by-staging": Code(
        ERROR,
        "The staged content exceeds the user's disk space: Studio will reject the deploy.",
        "Request more space, or send less.",
    ),
    # Runs
    "run-unfinished": Code(
        ERROR, "The run stopped before finish_channel: Studio shows nothing of it.", "Check the chef's log."
    ),
    "node-skipped": Code(
        WARNING,
        "A node with this node_id was already below the parent: Studio skipped the new one.",
        "Call create_channel first: it starts a new tree.",
    ),
    "chunk-children-lost": Code(
        ERROR,
        "The last node of a batch was not added: ricecooker then skips the children of all ten (ricecooker #739).",
        "Make the last node of the batch arrive, or move it.",
    ),
    "parent-lost": Code(
        ERROR, "Children were sent with root_id null: their topic was not added.", "Find why the topic was not added."
    ),
    "stage-ignored": Code(
        WARNING,
        "The chef sent stage: false. The production Studio ignores it: the channel stays in staging.",
        "Click Deploy in Studio after the run, or drop --deploy.",
    ),
    "published-without-deploy": Code(
        WARNING,
        "The channel was published while its newest tree was in staging: the older tree was exported.",
        "Deploy before you publish.",
    ),
    "live-metadata-overwritten": Code(
        WARNING,
        "create_channel changed the published channel immediately, before anything was staged.",
        "Check that the new details fit the published tree.",
    ),
    # This run against an earlier one
    "node-removed": Code(
        WARNING,
        "A resource of the earlier run is gone: lessons and bookmarks lose it at the next update.",
        "Send it again unless you removed it on purpose.",
    ),
    "content-id-changed": Code(
        WARNING,
        "The resource has another content_id than before: learners lose their progress in it.",
        "Keep its source_id: derive it from something stable, not from an address or a title.",
    ),
    "node-id-changed": Code(
        WARNING,
        "The resource has another node_id than before: lessons and bookmarks lose it, progress stays.",
        "Keep it below the same topic, and keep that topic's source_id.",
    ),
    "channel-again": Code(
        WARNING,
        "This channel already exists under another id: its users keep the old one.",
        "Keep the channel's source_id and domain; or give the new channel another name.",
    ),
    "version-outdated": Code(WARNING, "Studio warns about this ricecooker version.", "Upgrade ricecooker."),
    "version-refused": Code(ERROR, "Studio rejects this ricecooker version.", "Upgrade ricecooker."),
    # PublishJob
    "publish-failed": Code(ERROR, "The channel was not published.", "Correct what the cause names, and publish again."),
    "publish-changed": Code(
        WARNING, "The node was published differently from what was sent.", "Correct what the reason names."
    ),
    # Declared against received
    "node-not-received": Code(
        ERROR,
        "The chef declared this node but Studio never received it.",
        "Check the reason given here, then the chef's log.",
    ),
    "file-not-received": Code(
        ERROR,
        "The chef declared this file but Studio received the node without it.",
        "Check the chef's log for this file.",
    ),
    "file-failed": Code(
        ERROR,
        "The chef could not read a file and continued without it.",
        "Check that the path exists and the extension matches the content.",
    ),
    "question-text-lost": Code(
        ERROR,
        "ricecooker took a part of a question's text for an HTML tag and dropped it.",
        "Write a space after each < ('a < b').",
    ),
    "field-cut": Code(WARNING, "A text was longer than Studio allows and arrived truncated.", "Shorten it."),
    "field-differs": Code(
        WARNING, "A field arrived with a different value than the chef declared.", "Find what changed it."
    ),
}

#!/bin/bash
# Makes the pictures and the film in Fixtures/media, which the tests and the gallery use: real files that a browser
# decodes and plays, yet small enough to commit (together under 400 KB).
# Needs Debian's packages: imagemagick ffmpeg. Run it only to change the fixtures; its output is committed.
set -euo pipefail
cd "$(dirname "$0")"
for tool in /usr/bin/convert ffmpeg; do
  command -v "$tool" >/dev/null || { echo "make-media: $tool is missing; apt-get install imagemagick ffmpeg" >&2; exit 1; }
done
mkdir -p media
draw() { /usr/bin/convert -seed 7 "$@"; }

# A photograph's size and gradients, in few bytes: for ranges, multipart uploads and thumbnails.
draw -size 2400x1600 gradient:'#f6b26b'-'#27496d' -fill '#fff2cc' -draw 'circle 1750,520 1750,330' \
  -fill '#3d5a45' -draw 'path "M 0,1150 Q 500,700 1100,1120 T 2400,950 L 2400,1600 L 0,1600 Z"' \
  -fill '#22372b' -draw 'path "M 0,1350 Q 800,1000 1400,1330 T 2400,1250 L 2400,1600 L 0,1600 Z"' \
  -attenuate 0.15 +noise Gaussian -strip -quality 60 media/hills-large.jpg

draw -size 480x360 xc:'#9fc5e8' -fill '#7f6000' -draw 'polygon 150,150 165,60 225,110 polygon 330,150 315,60 255,110' \
  -draw 'ellipse 240,190 105,95 0,360' -fill '#fff' -draw 'circle 200,170 200,150 circle 280,170 280,150' \
  -fill '#000' -draw 'circle 200,172 200,162 circle 280,172 280,162' -fill '#f4cccc' -draw 'polygon 228,205 252,205 240,222' \
  -strip -quality 85 media/cat.jpg

draw -size 640x480 plasma:'#ffd966'-'#cc4125' -blur 0x4 -strip -quality 70 media/sunset.jpg

draw -size 256x256 xc:none -fill '#2f6f8f' -draw 'roundrectangle 48,70 208,236 20,20' \
  -stroke '#1b4052' -strokewidth 10 -fill none -draw 'ellipse 128,70 80,24 0,360 path "M 48,70 Q 128,-40 208,70"' \
  -strip -depth 8 -define png:exclude-chunks=date,time media/bucket.png

# Three seconds of picture and tone; the index comes first, so that a player can start before it has the whole file.
ffmpeg -hide_banner -loglevel error -y -f lavfi -i testsrc2=size=320x240:rate=12:duration=3 \
  -f lavfi -i sine=frequency=440:duration=3 -c:v libx264 -profile:v baseline -pix_fmt yuv420p -crf 30 -preset veryslow \
  -c:a aac -b:a 32k -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -map_metadata -1 -movflags +faststart media/film.mp4

total=$(cat media/* | wc -c)
[ "$total" -lt 400000 ] || { echo "make-media: $total bytes are too many to commit" >&2; exit 1; }
echo "make-media: $total bytes in $(ls media | wc -l) files"

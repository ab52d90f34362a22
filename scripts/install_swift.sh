#!/usr/bin/env bash
# install_swift.sh FOLDER: unpacks a Swift toolchain in a manylinux_2_34 image.
set -euo pipefail
version=${SWIFT_VERSION:-6.3.1}
platform=ubi9
[[ $(uname -m) == x86_64 ]] || platform=ubi9-$(uname -m)
url=https://download.swift.org/swift-$version-release/$platform/swift-$version-RELEASE
url=$url/swift-$version-RELEASE-$platform.tar.gz

dnf install --assumeyes --quiet --enablerepo=crb git libstdc++-static libxml2 ncurses-libs
mkdir -p "$1"
curl --fail --silent --show-error --location "$url" |
  tar --extract --gzip --strip-components 1 --directory "$1"
"$1/usr/bin/swift" --version
